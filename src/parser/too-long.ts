/** The answer to a line of which nobody kept the bytes. */
import { type Answer, REJECTIONS, rejectionCode } from '../core/answer.js';
import type { Batch } from '../core/batch.js';

const NOTHING = new Uint32Array(0);
const NO_BYTES = new Uint8Array(0);
const ONE = Uint32Array.from(REJECTIONS, (reason) => (reason === 'too-long' ? 1 : 0));
const KEYS = Uint32Array.of(rejectionCode('too-long'));

export function tooLong(batch: Batch): Answer {
  const none = { bytes: NO_BYTES, counts: NOTHING, other: 0 };
  return { batch, lines: 1, ...none, rejected: ONE, keys: () => KEYS };
}
