/**
 * The parser that has its work done by kernels: by one on this thread, which holds the key table, and
 * by one on each further thread. Batches are taken ahead and sent; answers are given in their order.
 */
import { randomFillSync } from 'node:crypto';
import type { Answer } from '../../core/answer.js';
import type { Batch, LineBatch } from '../../core/batch.js';
import { BufferSlots } from '../../core/buffer-slots.js';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Outlet, Parser } from '../../core/stages.js';
import { KeyRelease, type KeyStore } from '../key-release.js';
import type { ParserOptions } from '../parser-options.js';
import { readError } from '../read-lines.js';
import { tooLong } from '../too-long.js';
import { offsetsOf, SEED_BYTES } from './layout.js';
import { OtherThread } from './other-thread.js';
import { OwnThread } from './own-thread.js';
import { createParts, createThreadParts, type PartsOptions } from './parts.js';
import { PendingBatches } from './pending-batches.js';
import type { ParsingThread, Task } from './thread.js';

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

/** A batch on its way; a line that is too long goes nowhere. */
interface Pending {
  readonly batch: Batch;
  readonly task: Task | undefined;
}

export class KernelParser implements Parser, KeyStore {
  readonly keys: KeyRelease;
  readonly buffers: BufferSlots;
  readonly #options: KernelParserOptions;
  readonly #partsOptions: PartsOptions;
  readonly #own: OwnThread;
  readonly #others: OtherThread[] = [];
  /** All that there will be. */
  #hasThreads: boolean;

  /** Throws a `RangeError` where bounds or system leave no room for the memory. */
  constructor(options: KernelParserOptions) {
    this.#options = options;
    this.#hasThreads = options.threads <= 1;
    this.#partsOptions = { ...options, seed: randomFillSync(new Uint8Array(SEED_BYTES)) };
    const parts = createParts(this.#partsOptions);
    this.#own = new OwnThread(parts);
    this.keys = new KeyRelease(this);
    this.buffers = new BufferSlots(options.bufferSize, () => this.#startThreads());
    const { memory } = this.#own;
    this.buffers.add({ memory, offsets: offsetsOf(parts.layout), isReady: () => true });
  }

  get limit(): number {
    return this.#own.kernel.limit;
  }

  bytesOf(key: number): Uint8Array {
    return this.#own.kernel.bytesOf(key);
  }

  enroll(bytes: Uint8Array): number {
    return this.#own.kernel.enroll(bytes);
  }

  remove(key: number): void {
    this.#own.kernel.remove(key);
    for (const thread of this.#others) thread.forget(key);
  }

  async *answers(outlet: Outlet): AsyncGenerator<Answer> {
    const pending = new PendingBatches<Pending>();
    this.#takeAhead(outlet, pending).then(
      () => pending.close(),
      (error: unknown) => pending.close(error),
    );
    for (let next = await pending.next(); next; next = await pending.next()) {
      await next.task?.untilDone();
      this.keys.begin();
      yield conclude(next);
      next.task?.finish();
    }
  }

  expect(bytes: number): void {
    if (bytes >= WORTH_THREADS) this.#startThreads();
  }

  close(): void {
    // Whoever still waits for a buffer starts no more of them.
    this.#hasThreads = true;
    for (const thread of this.#others) thread.stop();
  }

  /** As far as the channel allows, so that the other threads have something to do. */
  async #takeAhead(outlet: Outlet, pending: PendingBatches<Pending>): Promise<void> {
    for (let batch = await outlet.take(); batch; batch = await outlet.take()) {
      pending.push({ batch, task: this.#send(batch) });
    }
  }

  #send(batch: Batch): Task | undefined {
    switch (batch.kind) {
      case 'lines':
        return this.#sendLines(batch);
      case 'range':
        return this.#leastBusy().begin(batch) ?? this.#own.begin(batch);
      case 'too-long':
        return undefined;
    }
  }

  /** To the thread in whose memory they lie, or to any that has room for a copy. */
  #sendLines(batch: LineBatch): Task {
    const { buffer } = batch.bytes;
    const home = [this.#own, ...this.#others].find(({ memory }) => memory === buffer);
    return home?.begin(batch) ?? this.#sendCopy(batch) ?? this.#own.begin(batch);
  }

  #sendCopy(batch: LineBatch): Task | undefined {
    if (batch.bytes.length < LEAST_SENT) return undefined;
    this.#startThreads();
    for (const thread of this.#others) {
      const task = thread.begin(batch);
      if (task !== undefined) return task;
    }
    return undefined;
  }

  /** Of several that have as little to do, not this one, which has to count as well. */
  #leastBusy(): ParsingThread {
    let least: ParsingThread | undefined;
    for (const thread of this.#others) {
      if (thread.isReady() && thread.backlog < (least?.backlog ?? Infinity)) least = thread;
    }
    return least && least.backlog <= this.#own.backlog ? least : this.#own;
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
    const thread = new OtherThread({
      parts: createThreadParts(this.#partsOptions),
      table: this.#own.kernel,
      buffers: this.buffers,
      onRefused: (error) => this.#sayRefused(error),
    });
    this.#others.push(thread);
  }

  #sayRefused(error: unknown): void {
    this.#options.log.warn('A thread cannot be started; counting goes on with fewer.', {
      reason: messageOf(error),
    });
  }
}

function conclude({ batch, task }: Pending): Answer {
  if (task === undefined) return tooLong(batch);
  const { errno, ...conclusion } = task.conclude();
  if (batch.kind === 'range' && errno !== 0) batch.failed(readError(errno));
  return { batch, ...conclusion };
}
