/**
 * The memory channel: batches, first in first out, bounded in lines and in bytes.
 *
 * What was taken and is not yet acknowledged still counts against the capacity, so the bound holds
 * for all that is in flight. When there is no room the source waits inside `put`; nothing is dropped.
 */
import { type Batch, batchBytes } from '../core/batch.js';
import type { Channel } from '../core/stages.js';
import { Fifo } from './fifo.js';

interface Capacity {
  readonly lines: number;
  readonly bytes: number;
}

interface Waiting {
  readonly batch: Batch;
  readonly admitted: () => void;
}

export class MemoryChannel implements Channel {
  readonly #capacity: Capacity;
  readonly #queue = new Fifo<Batch>();
  readonly #waiting = new Fifo<Waiting>();
  #taker: ((batch: Batch | undefined) => void) | undefined;
  #lines = 0;
  #bytes = 0;
  #closed = false;

  /** A batch that is larger than the capacity could never get in: the sources cut them smaller. */
  constructor(capacity: Capacity) {
    this.#capacity = capacity;
  }

  put(batch: Batch): Promise<void> {
    if (batch.lines > this.#capacity.lines || batchBytes(batch) > this.#capacity.bytes) {
      return Promise.reject(new RangeError('a batch is larger than the channel'));
    }
    return new Promise((admitted) => {
      this.#waiting.push({ batch, admitted });
      this.#admit();
    });
  }

  take(): Promise<Batch | undefined> {
    const batch = this.#queue.shift();
    if (batch !== undefined || this.#closed) return Promise.resolve(batch);
    return new Promise((resolve) => {
      this.#taker = resolve;
    });
  }

  acknowledge(batch: Batch): void {
    this.#lines -= batch.lines;
    this.#bytes -= batchBytes(batch);
    this.#admit();
  }

  close(): void {
    this.#closed = true;
    if (this.#queue.length === 0) this.#hand(undefined);
  }

  /** Lets in who waits, in order: a small batch does not overtake a large one. */
  #admit(): void {
    for (
      let next = this.#waiting.peek();
      next && this.#hasRoom(next.batch);
      next = this.#waiting.peek()
    ) {
      this.#waiting.shift();
      this.#lines += next.batch.lines;
      this.#bytes += batchBytes(next.batch);
      if (this.#taker) this.#hand(next.batch);
      else this.#queue.push(next.batch);
      next.admitted();
    }
  }

  #hasRoom(batch: Batch): boolean {
    return (
      this.#lines + batch.lines <= this.#capacity.lines &&
      this.#bytes + batchBytes(batch) <= this.#capacity.bytes
    );
  }

  #hand(batch: Batch | undefined): void {
    const taker = this.#taker;
    this.#taker = undefined;
    taker?.(batch);
  }
}
