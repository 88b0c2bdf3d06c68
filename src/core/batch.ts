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

/**
 * What belongs to events beside their bodies. Headers are as Avro writes a map of strings, for they
 * come and go that way and few ask what is in them (`wire/avro/headers.ts` reads them).
 *
 * - `same`: each line is the body of an event, and all have these headers.
 * - `own`: each event has headers of its own. Its body may hold line ends, and is followed by one that
 *   is not part of it.
 */
export type Events =
  | { readonly kind: 'same'; readonly headers: Uint8Array }
  | {
      readonly kind: 'own';
      /** For each event, the place in the batch's bytes after the line end that follows its body. */
      readonly ends: Uint32Array;
      /** Of all events, one after the other. */
      readonly headers: Uint8Array;
      /** For each event, the place in `headers` after its own. */
      readonly headerEnds: Uint32Array;
    };

/** Whole lines: each ends with {@link LINE_END}, except that the last line of an origin may not. */
export interface LineBatch extends Extent {
  readonly kind: 'lines';
  /** Where the lines came as events, or are to go as events: what else belongs to these. */
  readonly events?: Events;
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

/** How many lines a batch is taken to have; exact where they came as events. */
export function batchLines(batch: Batch): number {
  if (batch.kind === 'too-long') return 1;
  if (batch.kind === 'lines' && batch.events?.kind === 'own') return batch.events.ends.length;
  return Math.ceil((batch.end - batch.start) / LINE_BYTES);
}

/** What a batch holds in memory, in bytes. */
export function batchBytes(batch: Batch): number {
  return batch.kind === 'lines' ? batch.bytes.length + eventBytes(batch.events) : 0;
}

function eventBytes(events: Events | undefined): number {
  if (events === undefined) return 0;
  if (events.kind === 'same') return events.headers.length;
  const { ends, headers, headerEnds } = events;
  return ends.byteLength + headers.length + headerEnds.byteLength;
}
