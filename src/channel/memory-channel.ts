/**
 * The memory channel: batches, first in first out, bounded in lines and in bytes.
 *
 * What was taken and is not yet acknowledged still counts against the capacity, so the bound holds
 * for all that is in flight. When there is no room the source waits inside `put`; nothing is dropped.
 *
 * How many lines a batch has nobody knows before it is parsed: it is taken to have as many as its
 * bytes would make of the usual length.
 */
import { type Batch, batchBytes, LINE_BYTES } from '../core/batch.js';
import { Fifo } from '../core/fifo.js';
import type { Channel } from '../core/stages.js';

/** Of the capacity, or what a batch takes of it. */
interface Room {
  readonly lines: number;
  readonly bytes: number;
}

interface Waiting {
  readonly batch: Batch;
  readonly admitted: () => void;
  readonly withdrawal: AbortSignal | undefined;
}

export class MemoryChannel implements Channel {
  readonly #capacity: Room;
  readonly #queue = new Fifo<Batch>();
  readonly #waiting = new Fifo<Waiting>();
  readonly #takers = new Fifo<(batch: Batch | undefined) => void>();
  #lines = 0;
  #bytes = 0;
  #closed = false;

  /** A batch that is heavier than the capacity is let in when nothing else is. */
  constructor(capacity: Room) {
    this.#capacity = capacity;
  }

  put(batch: Batch, withdrawal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const withdraw = (): void => {
        reject(withdrawal?.reason);
        // Who waits behind it may have waited for nothing else.
        this.#admit();
      };
      const admitted = (): void => {
        withdrawal?.removeEventListener('abort', withdraw);
        resolve();
      };
      withdrawal?.addEventListener('abort', withdraw, { once: true });
      if (withdrawal?.aborted) return withdraw();
      this.#waiting.push({ batch, admitted, withdrawal });
      this.#admit();
    });
  }

  take(): Promise<Batch | undefined> {
    const batch = this.#queue.shift();
    if (batch !== undefined || this.#closed) return Promise.resolve(batch);
    return new Promise((resolve) => {
      // Who puts goes on first: a sender is answered before its lines are parsed.
      this.#takers.push((given) => setImmediate(resolve, given));
    });
  }

  acknowledge(batch: Batch): void {
    const { lines, bytes } = this.#roomOf(batch);
    this.#lines -= lines;
    this.#bytes -= bytes;
    this.#admit();
  }

  close(): void {
    this.#closed = true;
    // Who waits has found the queue empty.
    for (let taker = this.#takers.shift(); taker; taker = this.#takers.shift()) taker(undefined);
  }

  /** Lets in who waits, in order: a small batch does not overtake a large one. */
  #admit(): void {
    for (let next = this.#waiting.peek(); next; next = this.#waiting.peek()) {
      if (next.withdrawal?.aborted) {
        this.#waiting.shift();
        continue;
      }
      const { lines, bytes } = this.#roomOf(next.batch);
      if (this.#lines + lines > this.#capacity.lines) return;
      if (this.#bytes + bytes > this.#capacity.bytes) return;
      this.#waiting.shift();
      this.#lines += lines;
      this.#bytes += bytes;
      const taker = this.#takers.shift();
      if (taker) taker(next.batch);
      else this.#queue.push(next.batch);
      next.admitted();
    }
  }

  /** The same whenever it is asked. Never more than there is: else the batch would wait for ever. */
  #roomOf(batch: Batch): Room {
    const bytes = batchBytes(batch);
    const isOne = batch.kind === 'too-long';
    const lines = isOne ? 1 : Math.ceil((batch.end - batch.start) / LINE_BYTES);
    return {
      lines: Math.min(lines, this.#capacity.lines),
      bytes: Math.min(bytes, this.#capacity.bytes),
    };
  }
}
