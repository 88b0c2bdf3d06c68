/**
 * Cuts a regular file into ranges of whole lines without reading it: of each, only the few bytes are
 * looked at in which it may end. Whoever parses a range reads it.
 */
import { readSync } from 'node:fs';
import { LINE_END } from '../../core/batch.js';

interface Range {
  readonly start: number;
  readonly end: number;
}

interface RangeOptions {
  readonly descriptor: number;
  /** How far the file is cut, in bytes. */
  readonly size: number;
  /** The most bytes of a range. */
  readonly rangeBytes: number;
}

/** Of a range's end, what is looked at: more than the longest of nearly all lines. */
const LOOK_BYTES = 16 * 1024;

/**
 * Gives ranges one after the other from the file's beginning. Ends where less than a range is left,
 * or where no line ends in what is looked at: what is left is then to be read by other means.
 * Throws what reading throws.
 */
export function* lineRanges({ descriptor, size, rangeBytes }: RangeOptions): Generator<Range> {
  const look = Buffer.allocUnsafe(Math.min(LOOK_BYTES, rangeBytes));
  let start = 0;
  while (size - start > rangeBytes) {
    const from = start + rangeBytes - look.length;
    const got = readSync(descriptor, look, 0, look.length, from);
    const end = from + look.subarray(0, got).lastIndexOf(LINE_END) + 1;
    if (end <= from) return;
    yield { start, end };
    start = end;
  }
}
