/**
 * The parser that has its work done by kernels: by one on this thread, which holds the key table, and
 * by one on each further thread. A batch is parsed on the thread in whose memory it lies; answers are
 * given in the order of the batches.
 */
import { randomFillSync } from 'node:crypto';
import type { Answer } from '../../core/answer.js';
import type { Batch, LineBatch, LineRange } from '../../core/batch.js';
import { messageOf } from '../../core/errors.js';
import { keyNumbers, withRoom } from '../../core/growth.js';
import type { Logger } from '../../core/logger.js';
import type { Outlet, Parser } from '../../core/stages.js';
import { BufferSlots } from '../buffer-slots.js';
import { KeyRelease, type KeyStore } from '../key-release.js';
import type { ParserOptions } from '../parser-options.js';
import { readError } from '../read-lines.js';
import { tooLong } from '../too-long.js';
import { createMemory, Kernel, type KernelParts } from './kernel.js';
import { keysOfBatch, layOut, SEED_BYTES } from './layout.js';
import { ParsingThread, THREAD_KEY_BYTES, THREAD_KEYS, type ThreadJob } from './parsing-thread.js';
import { PendingBatches } from './pending-batches.js';
import { doWork, NOTHING_TO_READ } from './work.js';

/** Of each thread's buffers, how many bytes there are at least, and how many buffers at most. */
const BUFFER_BYTES = 16 << 20;
const MOST_BUFFERS = 6;
const LEAST_BUFFERS = 2;
/** A batch from elsewhere that is smaller is parsed sooner than sent to another thread. */
const LEAST_SENT = 32 * 1024;

/** What is parsed here sooner than other threads are ready. */
const WORTH_THREADS = 32 << 20;

interface KernelParserOptions extends ParserOptions {
  readonly module: WebAssembly.Module;
  /** How many threads parse, this one included. */
  readonly threads: number;
  readonly log: Logger;
}

/** A batch on its way. */
interface Pending {
  readonly batch: Batch;
  /** Where it is parsed, if not here when its turn comes. */
  readonly there: There | undefined;
}

interface There {
  readonly thread: ParsingThread;
  readonly job: ThreadJob;
  /** What the thread reads it into, where nobody else has. */
  readonly buffer?: Uint8Array;
}

export class KernelParser implements Parser, KeyStore {
  readonly keys: KeyRelease;
  readonly buffers: BufferSlots;
  readonly #options: KernelParserOptions;
  readonly #seed = randomFillSync(new Uint8Array(SEED_BYTES));
  readonly #parts: KernelParts;
  readonly #kernel: Kernel;
  readonly #threads: ParsingThread[] = [];
  #hasThreads: boolean;
  /** How many batches wait to be parsed here. */
  #backlog = 0;
  /** What another thread counted, translated. */
  #counts = keyNumbers(0);

  /** Throws a `RangeError` where bounds or system leave no room for the memory. */
  constructor(options: KernelParserOptions) {
    this.#options = options;
    this.#hasThreads = options.threads <= 1;
    this.#parts = this.#createParts(options.maxKeys, options.maxKeyBytes);
    this.#kernel = new Kernel(this.#parts);
    this.keys = new KeyRelease(this);
    this.buffers = new BufferSlots(options.bufferSize, () => this.#startThreads());
    const { memory, layout } = this.#parts;
    const offsets = layout.buffers.slice(0, -1);
    this.buffers.add({ memory: memory.buffer, offsets, isReady: () => true });
  }

  get limit(): number {
    return this.#kernel.limit;
  }

  bytesOf(key: number): Uint8Array {
    return this.#kernel.bytesOf(key);
  }

  remove(key: number): void {
    this.#kernel.remove(key);
    for (const thread of this.#threads) thread.forget(key);
  }

  async *answers(outlet: Outlet): AsyncGenerator<Answer> {
    const pending = new PendingBatches<Pending>();
    this.#takeAhead(outlet, pending).then(
      () => pending.close(),
      (error: unknown) => pending.close(error),
    );
    for (let next = await pending.next(); next; next = await pending.next()) {
      if (next.there) await next.there.thread.untilDone(next.there.job);
      this.keys.begin();
      yield this.#conclude(next);
      if (next.there) this.#finish(next.there);
    }
  }

  expect(bytes: number): void {
    if (bytes >= WORTH_THREADS) this.#startThreads();
  }

  close(): void {
    // Whoever still waits for a buffer starts no more of them.
    this.#hasThreads = true;
    for (const thread of this.#threads) thread.stop();
  }

  /** As far as the channel allows, so that the other threads have something to do. */
  async #takeAhead(outlet: Outlet, pending: PendingBatches<Pending>): Promise<void> {
    for (let batch = await outlet.take(); batch; batch = await outlet.take()) {
      const there = this.#send(batch);
      if (there === undefined) this.#backlog += 1;
      pending.push({ batch, there });
    }
  }

  #send(batch: Batch): There | undefined {
    switch (batch.kind) {
      case 'lines':
        return this.#sendLines(batch.bytes);
      case 'range':
        return this.#sendRange(batch);
      case 'too-long':
        return undefined;
    }
  }

  /** To the thread in whose memory they lie, or to any that can take them. */
  #sendLines(bytes: Uint8Array): There | undefined {
    if (bytes.buffer === this.#parts.memory.buffer) return undefined;
    const isElsewhere = !this.#threads.some((thread) => thread.memory === bytes.buffer);
    if (isElsewhere && bytes.length < LEAST_SENT) return undefined;
    if (isElsewhere) this.#startThreads();
    for (const thread of this.#threads) {
      const job = isElsewhere || thread.memory === bytes.buffer ? thread.begin(bytes) : undefined;
      if (job !== undefined) return { thread, job };
    }
    return undefined;
  }

  /** To the thread that has least to do; of several, and before this one, the first. */
  #sendRange(range: LineRange): There | undefined {
    let least: ParsingThread | undefined;
    for (const thread of this.#threads) {
      const limit = least === undefined ? this.#backlog + 1 : least.backlog;
      if (thread.isReady() && thread.backlog < limit) least = thread;
    }
    const buffer = least && this.buffers.tryAcquireOf(least);
    if (least === undefined || buffer === undefined) return undefined;
    return { thread: least, job: least.beginRange(range, buffer), buffer };
  }

  #conclude({ batch, there }: Pending): Answer {
    if (there === undefined) return this.#answerHere(batch);
    const conclusion = there.thread.conclude(there.job, (length) => this.#room(length));
    this.#tell(batch, conclusion.errno);
    return { batch, ...conclusion };
  }

  #finish({ thread, job, buffer }: There): void {
    thread.finish(job);
    if (buffer !== undefined) this.buffers.release(buffer);
  }

  #answerHere(batch: Batch): Answer {
    this.#backlog -= 1;
    switch (batch.kind) {
      case 'lines':
        return this.#parse(batch);
      case 'range':
        return this.#read(batch);
      case 'too-long':
        return tooLong(batch);
    }
  }

  /** What does not lie in the kernel's memory is copied there. */
  #parse(batch: LineBatch): Answer {
    const { bytes } = batch;
    const isHere = bytes.buffer === this.#parts.memory.buffer;
    const from = isHere ? bytes.byteOffset : this.#kernel.stage(bytes);
    return this.#work(batch, from, bytes.length, NOTHING_TO_READ, 0);
  }

  #read(batch: LineRange): Answer {
    const { start, end, descriptor } = batch;
    return this.#work(batch, this.#kernel.stageAt, end - start, descriptor, start);
  }

  #work(batch: Batch, from: number, room: number, descriptor: number, position: number): Answer {
    const [answers] = this.#parts.layout.answers;
    const [tally] = this.#parts.layout.tallies;
    const work = { from, to: from + room, answers, tally, descriptor, position };
    const { lines, length, errno } = doWork(this.#kernel, work);
    this.#tell(batch, errno);
    const bytes = this.#kernel.bytes.subarray(from, from + length);
    const keys = (): Uint32Array => this.#kernel.words(answers, lines);
    return { batch, bytes, lines, ...this.#kernel.tally(tally), keys };
  }

  #tell(batch: Batch, errno: number): void {
    if (batch.kind === 'range' && errno !== 0) batch.failed(readError(errno));
  }

  #room(length: number): Uint32Array {
    this.#counts = withRoom(this.#counts, length, keyNumbers);
    return this.#counts;
  }

  /** At the first shortage: reading is ahead of parsing. What comes in small pieces needs no help. */
  #startThreads(): void {
    if (this.#hasThreads) return;
    this.#hasThreads = true;
    try {
      for (let i = 1; i < this.#options.threads; i += 1) this.#startThread();
    } catch (error) {
      this.#sayRefused(error);
    }
  }

  #startThread(): void {
    const batchKeys = keysOfBatch(this.buffers.size);
    const batchKeyBytes = this.#options.by.length * this.buffers.size;
    // What is under way when it is found to know enough must find room too; one of it was copied.
    const parts = this.#createParts(
      THREAD_KEYS + (MOST_BUFFERS + 1) * batchKeys,
      THREAD_KEY_BYTES + (MOST_BUFFERS + 1) * batchKeyBytes,
    );
    const thread = new ParsingThread({
      parts,
      table: this.#kernel,
      onReady: () => this.buffers.serve(),
      onRefused: (error) => this.#sayRefused(error),
    });
    this.#threads.push(thread);
    this.buffers.add(thread);
  }

  #createParts(maxKeys: number, maxKeyBytes: number): KernelParts {
    const { by, maxLine, module, bufferSize } = this.#options;
    const buffers = Math.max(LEAST_BUFFERS, Math.min(MOST_BUFFERS, BUFFER_BYTES / bufferSize));
    // One more for what has to be copied.
    const layout = layOut({
      maxKeys,
      maxKeyBytes,
      bufferSize,
      fields: by.length,
      buffers: Math.floor(buffers) + 1,
    });
    const options = { by, maxLine, maxKeys, maxKeyBytes };
    return { module, memory: createMemory(layout), layout, options, seed: this.#seed };
  }

  #sayRefused(error: unknown): void {
    this.#options.log.warn('A thread cannot be started; counting goes on with fewer.', {
      reason: messageOf(error),
    });
  }
}
