/** A thread that parses, as seen from the one that counts. */
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Answer } from '../../core/answer.js';
import type { LineRange } from '../../core/batch.js';
import type { Slots } from '../buffer-slots.js';
import { WORKER_FILE } from './built-files.js';
import { JobBoard } from './job-board.js';
import type { Kernel, KernelParts } from './kernel.js';
import { entryBytes } from './layout.js';
import { tallyAt } from './tally.js';
import { type ForeignKeys, Translation } from './translation.js';
import { NOTHING_TO_READ, type Work } from './work.js';
import { READY, type WorkerData } from './worker-data.js';

/**
 * Keys that a thread knows before it begins afresh. It knows what it was asked for lately; all keys
 * are in the table.
 */
export const THREAD_KEYS = 1 << 17;
export const THREAD_KEY_BYTES = 16 << 20;

/** A batch on its way through the thread. */
export interface ThreadJob {
  readonly work: Work;
  /** The bytes had to be copied to get here. */
  readonly isStaged: boolean;
  /** On the board, once it was posted. */
  number: number | undefined;
}

/** What became of a job. */
export interface Conclusion extends Omit<Answer, 'batch'> {
  /** See `readError`. */
  readonly errno: number;
}

interface ThreadOptions {
  readonly parts: KernelParts;
  /** What the thread's keys are translated into. */
  readonly table: Kernel;
  /** Told once: the thread can take batches. */
  readonly onReady: () => void;
  /** Told where the thread could not be started; it never becomes ready. */
  readonly onRefused: (error: unknown) => void;
}

export class ParsingThread implements Slots, ForeignKeys {
  readonly memory: ArrayBufferLike;
  readonly offsets: readonly number[];
  readonly #options: ThreadOptions;
  readonly #board = new JobBoard();
  readonly #bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #translation: Translation;
  readonly #worker: Worker;
  /** Jobs that wait until the thread may begin afresh. */
  #held: ThreadJob[] = [];
  /** Jobs that were posted and are not over. */
  #underWay = 0;
  #isFull = false;
  #isStageTaken = false;
  #failure: unknown;
  #wake: () => void = () => {};

  constructor(options: ThreadOptions) {
    const { parts, table } = options;
    this.#options = options;
    this.memory = parts.memory.buffer;
    this.offsets = parts.layout.buffers.slice(0, -1);
    this.#bytes = Buffer.from(this.memory);
    this.#words = new Uint32Array(this.memory);
    this.#translation = new Translation(table, this);
    const workerData: WorkerData = { parts, cells: this.#board.cells };
    this.#worker = new Worker(WORKER_FILE, { workerData, env: SHARE_ENV });
    this.#worker.on('message', (message) => this.#heard(message));
    this.#worker.on('error', (error) => this.#failed(error));
    this.#worker.on('exit', () => this.#failed(new Error('a thread that parses has ended')));
  }

  isReady(): boolean {
    return this.#board.isReady;
  }

  /** How much it has to do, in batches. */
  get backlog(): number {
    return this.#board.backlog + this.#held.length;
  }

  /**
   * Begins to parse `bytes`, whole lines. They are copied, if they do not lie in the thread's memory;
   * undefined where there is no room for a copy.
   */
  begin(bytes: Uint8Array): ThreadJob | undefined {
    const isStaged = bytes.buffer !== this.memory;
    if (isStaged && (this.#isStageTaken || !this.isReady())) return undefined;
    const from = isStaged ? this.#stage(bytes) : bytes.byteOffset;
    return this.#begin(from, bytes.length, isStaged, NOTHING_TO_READ, 0);
  }

  /** Begins to read a range into `buffer`, which lies in the thread's memory, and to parse it. */
  beginRange({ descriptor, start, end }: LineRange, buffer: Uint8Array): ThreadJob {
    return this.#begin(buffer.byteOffset, end - start, false, descriptor, start);
  }

  /** Resolves once the job is done. Rejects where the thread has failed, which is a bug. */
  async untilDone(job: ThreadJob): Promise<void> {
    while (!this.#isDone(job)) {
      this.#board.await();
      // Between the look and the request it may have been done.
      if (this.#isDone(job)) return;
      if (this.#failure !== undefined) throw this.#failure;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Of a job that is done. The keys are the table's, and their counts in what `make` gives. */
  conclude(job: ThreadJob, make: (length: number) => Uint32Array): Conclusion {
    const result = this.#board.result(job.number ?? 0);
    const { lines, length, errno } = result;
    const { from, answers, tally } = job.work;
    const { counts: foreign, rejected, other } = tallyAt(this.#words, tally);
    const counts = this.#translation.translate(foreign, result, make(foreign.length));
    const keys = (): Uint32Array => {
      const first = answers / Uint32Array.BYTES_PER_ELEMENT;
      return this.#translation.translateLines(this.#words.subarray(first, first + lines));
    };
    this.#isFull = result.keysTo > THREAD_KEYS || result.entriesTo > THREAD_KEY_BYTES;
    const bytes = this.#bytes.subarray(from, from + length);
    return { bytes, lines, counts, other: other + lost(foreign, counts), rejected, keys, errno };
  }

  /** What the job led to is not needed any more. */
  finish(job: ThreadJob): void {
    if (job.isStaged) this.#isStageTaken = false;
    this.#underWay -= 1;
    this.#post();
  }

  /** The table has forgotten a key. */
  forget(key: number): void {
    this.#translation.forget(key);
  }

  stop(): void {
    this.#board.stop();
    this.#worker.unref();
  }

  entries(from: number, to: number): Uint8Array {
    const { arena } = this.#options.parts.layout;
    return this.#bytes.subarray(arena + from, arena + to);
  }

  entryOf(key: number): Uint8Array {
    const { starts, arena } = this.#options.parts.layout;
    const entry = this.#words[starts / 4 + key];
    const length = this.#words[(arena + entry) / 4 + 1];
    return this.entries(entry, entry + entryBytes(length));
  }

  #begin(
    from: number,
    length: number,
    isStaged: boolean,
    descriptor: number,
    position: number,
  ): ThreadJob {
    const { buffers, answers, tallies } = this.#options.parts.layout;
    const slot = buffers.findLastIndex((start) => start <= from);
    const results = { answers: answers[slot], tally: tallies[slot] };
    const work = { from, to: from + length, ...results, descriptor, position };
    const job = { work, isStaged, number: undefined };
    this.#held.push(job);
    this.#post();
    return job;
  }

  #isDone({ number }: ThreadJob): boolean {
    return number !== undefined && this.#board.isDone(number);
  }

  #stage(bytes: Uint8Array): number {
    const stage = this.#options.parts.layout.buffers.at(-1) ?? 0;
    this.#bytes.set(bytes, stage);
    this.#isStageTaken = true;
    return stage;
  }

  /** Keys can be forgotten only when no answer is on its way that names them. */
  #post(): void {
    for (let next = this.#held[0]; next !== undefined; next = this.#held[0]) {
      if (this.#isFull && this.#underWay > 0) return;
      if (this.#isFull) this.#translation.clear();
      next.number = this.#board.post({ ...next.work, afresh: this.#isFull });
      this.#isFull = false;
      this.#underWay += 1;
      this.#held.shift();
    }
  }

  #heard(message: unknown): void {
    if (message === READY) this.#options.onReady();
    else this.#wake();
  }

  #failed(error: unknown): void {
    if (!this.isReady() && this.#failure === undefined) this.#options.onRefused(error);
    this.#failure ??= error;
    this.#wake();
  }
}

/** How many lines are in these counts and not in those. */
function lost(all: Uint32Array, found: Uint32Array): number {
  if (all.length === found.length) return 0;
  return linesOf(all) - linesOf(found);
}

function linesOf(counts: Uint32Array): number {
  let lines = 0;
  for (let at = 1; at < counts.length; at += 2) lines += counts[at];
  return lines;
}
