/** Answers as a parser would give them, from what it says of each line. */
import { type Answer, NO_KEY, OTHER, REJECTIONS, rejectionIndex } from '../../src/core/answer.js';
import type { Batch } from '../../src/core/batch.js';

type Counted = Pick<Answer, 'counts' | 'other' | 'rejected'>;

export function answerOf(batch: Batch, keys: Uint32Array): Answer {
  const bytes = new Uint8Array();
  return { batch, bytes, lines: keys.length, ...tallyOf(keys), keys: () => keys };
}

/** The tally of these lines, the plain way. */
export function tallyOf(keys: Uint32Array): Counted {
  const lines = new Map<number, number>();
  for (const key of keys) lines.set(key, (lines.get(key) ?? 0) + 1);
  const counted = [...lines].filter(([key]) => key < NO_KEY);
  const rejected = new Uint32Array(REJECTIONS.length);
  for (const [key, count] of lines) if (key > OTHER) rejected[rejectionIndex(key)] = count;
  return { counts: Uint32Array.from(counted.flat()), other: lines.get(OTHER) ?? 0, rejected };
}
