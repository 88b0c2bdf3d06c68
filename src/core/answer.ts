/**
 * What the parser says of each line: one unsigned 32-bit number, a key's number or the reason why
 * there is none. So one typed array answers for a whole batch. Most lines name a key that the batch
 * has named before, and who counts wants to know of a key once: so there is a tally of it as well.
 */
import type { Batch } from './batch.js';

/** Key numbers are below this. */
export const NO_KEY = 0xffff_ff00;

/** The line has a key, but the key table has no room for it: it is counted in the `(other)` row. */
export const OTHER = NO_KEY;

const FIRST_REJECTION = NO_KEY + 0x10;

/**
 * Why a line gives no key, in the order in which the parser finds out. The names are what the user
 * reads in the totals.
 *
 * - `too-long`: longer than `--max-line`
 * - `blank`: nothing but white space
 * - `no-host`: does not begin with host, ident and user, then `[`
 * - `no-agent`: does not end with a quoted agent
 * - `no-referer`: no quoted referer before the agent
 * - `no-status`: no status and size between the request and the referer
 * - `no-request`: no `]` and then a quoted request of at least one byte
 * - `no-field`: the request has too few words for a field asked for
 */
export const REJECTIONS = [
  'too-long',
  'blank',
  'no-host',
  'no-agent',
  'no-referer',
  'no-status',
  'no-request',
  'no-field',
] as const;

export type Rejection = (typeof REJECTIONS)[number];

/** The number that stands for `reason` in an answer. */
export function rejectionCode(reason: Rejection): number {
  return FIRST_REJECTION + REJECTIONS.indexOf(reason);
}

/** The place in {@link REJECTIONS} of an answer, or a negative number where it is none. */
export function rejectionIndex(answer: number): number {
  return answer - FIRST_REJECTION;
}

/**
 * A batch and what the parser says of its lines. Its arrays are the parser's, and hold until the batch
 * was added and its memory given back.
 */
export interface Answer {
  readonly batch: Batch;
  /** The lines, wherever they lie; none for a line that is too long. */
  readonly bytes: Uint8Array;
  /** How many lines there are. */
  readonly lines: number;
  /** Their keys, each followed by the number of its lines, in the order of their first lines. */
  readonly counts: Uint32Array;
  /** How many lines have a key for which there is no room. */
  readonly other: number;
  /** How many lines were rejected, by the place of the reason in {@link REJECTIONS}. */
  readonly rejected: Uint32Array;
  /** One entry a line, in the order of the lines, for who wants to know more than how many. */
  keys(): Uint32Array;
}
