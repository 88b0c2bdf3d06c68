/**
 * What the parser says of each line: one unsigned 32-bit number, a key's number or the reason why
 * there is none. So one typed array answers for a whole batch.
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

/** A batch and what the parser says of its lines. */
export interface Answer {
  readonly batch: Batch;
  /**
   * One entry a line, in the order of the lines. The array is the parser's and holds until the
   * answer was added (`KeyTable.added`).
   */
  readonly keys: Uint32Array;
  /**
   * Which batch of this run this is, from 1, in the order in which the parser was given them: the
   * order of the channel, which is also that of adding. See {@link KeyTable}.
   */
  readonly turn: number;
}
