/**
 * What crosses the stages: whole lines of one origin, in batches.
 *
 * A line never travels alone, so the hot path holds no object per line. Lines are bytes; nothing
 * here knows of characters.
 */
import type { FileMemo } from './journal.js';

/** The byte that ends a line. It is never part of a line, so no key can hold it. */
export const LINE_END = 0x0a;

/**
 * Where lines come from: one drop of one file, or one stream. Positions count bytes from its
 * beginning (for a compressed file, decompressed bytes). A file that is written anew is a new
 * origin under the old name.
 */
export interface Origin {
  /** What the user would call it: a path as given, or `-`. Not escaped; the logger does that. */
  readonly name: string;
  /**
   * The lines of this batch, which were so many, are in the window; its memory may be used again.
   * Told once for each batch of this origin, in order.
   */
  added(batch: Batch, lines: number): void;
  /**
   * All lines before `position` are accounted for, for good. Only this makes a position count as
   * done, and lets a file be retired; that a line was read means nothing. Told in order, after
   * `added`, perhaps once for several batches.
   */
  acknowledged(position: number): void;
  /**
   * What the journal is to remember, as of the last batch that was added; undefined for what cannot
   * be found again after a restart, such as a stream.
   */
  memo(): FileMemo | undefined;
}

interface Extent {
  readonly origin: Origin;
  /** Position of the first byte of the first line. */
  readonly start: number;
  /** Position after the last line: the start of the next one, or the end of the origin. */
  readonly end: number;
}

/** Whole lines: each ends with {@link LINE_END}, except that the last line of an origin may not. */
export interface LineBatch extends Extent {
  readonly kind: 'lines';
  /**
   * Exactly the lines, at least one of them; blank lines are lines. Nobody has looked how many there
   * are: that is for the parser to find, which has to look at every byte anyway. The memory is a
   * buffer of the parser's, or the source's own; it is used again once the batch was added.
   */
  readonly bytes: Uint8Array;
}

/**
 * One line longer than `--max-line`, which is rejected once and whose bytes nobody kept. (One that
 * fits a buffer may also stand among the others in a {@link LineBatch}: the parser rejects it.)
 */
export interface OverlongLine extends Extent {
  readonly kind: 'too-long';
}

/**
 * Whole lines of a regular file that nobody has read yet: the parser reads them, on the thread that
 * parses them, and blocks that for as long.
 */
export interface LineRange extends Extent {
  readonly kind: 'range';
  /** Of the file; it stays open until the range was added. */
  readonly descriptor: number;
  /**
   * Told before the answer is given: the lines could not be read, or not all. Those that could are in
   * the answer.
   */
  failed(error: Error): void;
}

export type Batch = LineBatch | OverlongLine | LineRange;

/** What a line is taken to weigh where nobody has counted the lines, in bytes. */
export const LINE_BYTES = 128;

/** What a batch holds in memory, in bytes. */
export function batchBytes(batch: Batch): number {
  switch (batch.kind) {
    case 'lines':
      return batch.bytes.length;
    case 'too-long':
    case 'range':
      return 0;
  }
}
