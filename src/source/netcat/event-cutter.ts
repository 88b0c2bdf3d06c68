/**
 * Cuts what comes over one connection into lines, as Flume's netcat source does: one may have so many
 * characters, its line end included, and counted as Java counts them, in UTF-16 code units.
 */
import { LINE_END } from '../../core/batch.js';

/** Of a UTF-16 code unit in UTF-8. */
const MOST_UNIT_BYTES = 3;

export interface CutLines {
  /** Whole lines, in memory of their own; perhaps none. */
  readonly bytes: Uint8Array;
  readonly count: number;
  /** What follows them is longer than allowed. */
  readonly isTooLong: boolean;
}

export class EventCutter {
  readonly #maxLine: number;
  /** The beginning of a line whose end has not come. */
  #begun = Buffer.alloc(0);

  /** `maxLine` in characters. */
  constructor(maxLine: number) {
    this.#maxLine = maxLine;
  }

  /** Nothing may be cut after a line that was too long. */
  cut(chunk: Buffer): CutLines {
    const bytes = Buffer.concat([this.#begun, chunk]);
    let start = 0;
    let count = 0;
    for (;;) {
      const end = bytes.indexOf(LINE_END, start) + 1;
      if (end === 0) break;
      if (this.#exceeds(bytes, start, end))
        return { bytes: copy(bytes, start), count, isTooLong: true };
      start = end;
      count += 1;
    }
    // A line that is as long as allowed and has no end yet is too long with it.
    const isTooLong = this.#exceeds(bytes, start, bytes.length + 1);
    this.#begun = isTooLong ? Buffer.alloc(0) : Buffer.from(bytes.subarray(start));
    return { bytes: copy(bytes, start), count, isTooLong };
  }

  /** What came after the last line end, and is a line where the sender has ended. */
  end(): Uint8Array {
    const rest = this.#begun;
    this.#begun = Buffer.alloc(0);
    return rest;
  }

  /** `end` may be one after the bytes, for a line end that has not come. */
  #exceeds(bytes: Buffer, start: number, end: number): boolean {
    const length = end - start;
    if (length <= this.#maxLine) return false;
    if (length > this.#maxLine * MOST_UNIT_BYTES) return true;
    const missing = Math.max(0, end - bytes.length);
    return bytes.toString('utf8', start, end).length + missing > this.#maxLine;
  }
}

/** The channel keeps it, and a chunk of a stream is a part of something larger. */
function copy(bytes: Buffer, end: number): Uint8Array {
  return new Uint8Array(bytes.subarray(0, end));
}
