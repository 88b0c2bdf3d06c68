/** A thread that parses: another one, or the one that counts. */
import type { Answer } from '../../core/answer.js';
import type { LineBatch, LineRange } from '../../core/batch.js';

export interface ParsingThread {
  /** What its kernel can parse in place. */
  readonly memory: ArrayBufferLike;
  /** How many batches it has not parsed yet. */
  readonly backlog: number;
  isReady(): boolean;
  /** Takes a batch on, after those that it has. Undefined where it has no room for it. */
  begin(batch: LineBatch | LineRange): Task | undefined;
}

/** A batch on its way. Its three steps are taken in this order, those of a thread's tasks in theirs. */
export interface Task {
  /** Resolves when the rest will not wait. Rejects where the thread has failed, which is a bug. */
  untilDone(): Promise<void>;
  /** What there is to say, with the table's key numbers. It enters keys into the table. */
  conclude(): Conclusion;
  /** What was said is not needed any more. */
  finish(): void;
}

export interface Conclusion extends Omit<Answer, 'batch'> {
  /** See `readError`. */
  readonly errno: number;
}
