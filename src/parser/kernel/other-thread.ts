/** A thread that parses, as seen from the one that counts. */
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { LineBatch, LineRange } from '../../core/batch.js';
import type { BufferSlots, Slots } from '../../core/buffer-slots.js';
import { keyNumbers, withRoom } from '../../core/growth.js';
import { WORKER_FILE } from './built-files.js';
import { JobBoard } from './job-board.js';
import type { Kernel, KernelParts } from './kernel.js';
import { entryBytes, offsetsOf, stageOf } from './layout.js';
import { THREAD_KEY_BYTES, THREAD_KEYS } from './parts.js';
import { tallyAt } from './tally.js';
import type { Conclusion, ParsingThread, Task } from './thread.js';
import { type ForeignKeys, Translation } from './translation.js';
import { NOTHING_TO_READ, type Work } from './work.js';
import { READY, type WorkerData } from './worker-data.js';

/** A batch on its way through the thread. */
interface Job {
  readonly work: Work;
  /** Gives back what the work took. */
  readonly release: () => void;
  /** On the board, once it was posted. */
  number: number | undefined;
}

interface OtherThreadOptions {
  readonly parts: KernelParts;
  /** What the thread's keys are translated into. */
  readonly table: Kernel;
  /** Those of all threads; it adds its own. */
  readonly buffers: BufferSlots;
  /** Told where the thread could not be started; it never becomes ready. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * What it knows of keys grows until it begins afresh. That it may only when no answer is under way
 * that names its keys: so jobs are held back, once it knows enough, until all that were posted are
 * finished.
 */
export class OtherThread implements ParsingThread, Slots, ForeignKeys {
  readonly memory: ArrayBufferLike;
  readonly offsets: readonly number[];
  readonly #options: OtherThreadOptions;
  readonly #board = new JobBoard();
  readonly #bytes: Buffer;
  readonly #words: Uint32Array;
  readonly #translation: Translation;
  readonly #worker: Worker;
  /** Jobs that are held back. */
  #held: Job[] = [];
  /** Jobs that were posted and are not finished. */
  #underWay = 0;
  #isFull = false;
  #isStageTaken = false;
  /** The counts of the batch that is out, translated. */
  #counts = keyNumbers(0);
  #failure: unknown;
  #wake: () => void = () => {};

  constructor(options: OtherThreadOptions) {
    const { parts, table, buffers } = options;
    this.#options = options;
    this.memory = parts.memory.buffer;
    this.offsets = offsetsOf(parts.layout);
    this.#bytes = Buffer.from(this.memory);
    this.#words = new Uint32Array(this.memory);
    this.#translation = new Translation(table, this);
    const workerData: WorkerData = { parts, cells: this.#board.cells };
    this.#worker = new Worker(WORKER_FILE, { workerData, env: SHARE_ENV });
    this.#worker.on('message', (message) => this.#heard(message));
    this.#worker.on('error', (error) => this.#failed(error));
    this.#worker.on('exit', () => this.#failed(new Error('a thread that parses has ended')));
    buffers.add(this);
  }

  isReady(): boolean {
    return this.#board.isReady;
  }

  get backlog(): number {
    return this.#board.backlog + this.#held.length;
  }

  begin(batch: LineBatch | LineRange): Task | undefined {
    if (batch.kind === 'range') return this.#beginRange(batch);
    const { bytes } = batch;
    if (bytes.buffer === this.memory) return this.#begin(bytes.byteOffset, bytes.length, () => {});
    if (this.#isStageTaken || !this.isReady()) return undefined;
    this.#isStageTaken = true;
    const stage = stageOf(this.#options.parts.layout);
    this.#bytes.set(bytes, stage);
    return this.#begin(stage, bytes.length, () => {
      this.#isStageTaken = false;
    });
  }

  #beginRange({ descriptor, start, end }: LineRange): Task | undefined {
    const { buffers } = this.#options;
    const buffer = buffers.tryAcquireOf(this);
    if (buffer === undefined) return undefined;
    const release = (): void => buffers.release(buffer);
    return this.#begin(buffer.byteOffset, end - start, release, { descriptor, position: start });
  }

  #begin(
    from: number,
    length: number,
    release: () => void,
    file: Pick<Work, 'descriptor' | 'position'> = { descriptor: NOTHING_TO_READ, position: 0 },
  ): Task {
    const { buffers, answers, tallies } = this.#options.parts.layout;
    const slot = buffers.findLastIndex((start) => start <= from);
    const results = { answers: answers[slot], tally: tallies[slot] };
    const job = {
      work: { from, to: from + length, ...results, ...file },
      release,
      number: undefined,
    };
    this.#held.push(job);
    this.#post();
    return {
      untilDone: () => this.#untilDone(job),
      conclude: () => this.#conclude(job),
      finish: () => this.#finish(job),
    };
  }

  async #untilDone(job: Job): Promise<void> {
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

  #conclude({ number, work }: Job): Conclusion {
    const result = this.#board.result(number ?? 0);
    const { lines, length, errno } = result;
    const tally = tallyAt(this.#words, work.tally);
    this.#counts = withRoom(this.#counts, tally.counts.length, keyNumbers);
    const { counts, other } = this.#translation.translate(tally.counts, result, this.#counts);
    const keys = (): Uint32Array => {
      const first = work.answers / Uint32Array.BYTES_PER_ELEMENT;
      return this.#translation.translateLines(this.#words.subarray(first, first + lines));
    };
    this.#isFull = result.keysTo > THREAD_KEYS || result.entriesTo > THREAD_KEY_BYTES;
    const bytes = this.#bytes.subarray(work.from, work.from + length);
    const { rejected } = tally;
    return { bytes, lines, counts, other: tally.other + other, rejected, keys, errno };
  }

  #finish(job: Job): void {
    job.release();
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

  #isDone({ number }: Job): boolean {
    return number !== undefined && this.#board.isDone(number);
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
    if (message === READY) this.#options.buffers.serve();
    else this.#wake();
  }

  #failed(error: unknown): void {
    if (!this.isReady() && this.#failure === undefined) this.#options.onRefused(error);
    this.#failure ??= error;
    this.#wake();
  }
}
