/** The tally of a batch, as the kernel leaves it in its memory: see `assembly/tally.ts`. */
import { REJECTIONS } from '../../core/answer.js';

// In numbers of 32 bits.
const DISTINCT = 0;
const OTHER_LINES = 1;
const REJECTED = 2;
const PAIRS = 16;

export interface Tally {
  /** Keys, each followed by the number of its lines. */
  readonly counts: Uint32Array;
  readonly other: number;
  readonly rejected: Uint32Array;
}

/** Views of `memory`, which is that of a kernel, from the address `at` on. */
export function tallyAt(memory: Uint32Array, at: number): Tally {
  const words = memory.subarray(at / Uint32Array.BYTES_PER_ELEMENT);
  return {
    counts: words.subarray(PAIRS, PAIRS + 2 * words[DISTINCT]),
    other: words[OTHER_LINES],
    rejected: words.subarray(REJECTED, REJECTED + REJECTIONS.length),
  };
}
