/**
 * The memory channel: batches, first in first out, bounded in lines and in bytes.
 *
 * What was taken and is not yet acknowledged still counts against the capacity, so the bound holds
 * for all that is in flight. When there is no room the source waits inside `put`; nothing is dropped.
 *
 * How many lines a batch has nobody knows before it is parsed: it is taken to have as many as its
 * bytes would make of the usual length.
 */
import { type Batch, batchBytes, batchLines } from '../core/batch.js';
import { Fifo } from '../core/fifo.js';
import type { Channel } from '../core/stages.js';

/** Of the capacity, or what batches take of it. */
interface Room {
  readonly lines: number;
  readonly bytes: number;
}

interface Waiting {
  readonly batches: readonly Batch[];
  readonly room: Room;
  readonly admitted: () => void;
}

export class MemoryChannel implements Channel {
  readonly #capacity: Room;
  readonly #queue = new Fifo<Batch>();
  /** In the order of the puts. One that is withdrawn leaves nothing behind, wherever it stood. */
  readonly #waiting = new Set<Waiting>();
  readonly #takers = new Fifo<(batch: Batch | undefined) => void>();
  #lines = 0;
  #bytes = 0;
  #closed = false;

  /** What is heavier than the capacity is let in when nothing else is. */
  constructor(capacity: Room) {
    this.#capacity = capacity;
  }

  get isFull(): boolean {
    return this.#waiting.size > 0;
  }

  hasRoomFor(batches: readonly Batch[]): boolean {
    return !this.isFull && this.#hasRoom(roomOf(batches));
  }

  put(given: Batch | readonly Batch[], withdrawal?: AbortSignal): Promise<void> {
    const batches = 'kind' in given ? [given] : given;
    return new Promise((resolve, reject) => {
      if (withdrawal?.aborted) return reject(withdrawal.reason);
      const withdraw = (): void => {
        this.#waiting.delete(waiting);
        reject(withdrawal?.reason);
        // Who waits behind it may have waited for nothing else.
        this.#admit();
      };
      const admitted = (): void => {
        withdrawal?.removeEventListener('abort', withdraw);
        resolve();
      };
      const waiting = { batches, room: roomOf(batches), admitted };
      withdrawal?.addEventListener('abort', withdraw, { once: true });
      this.#waiting.add(waiting);
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
    const { lines, bytes } = roomOf([batch]);
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
    for (const waiting of this.#waiting) {
      if (!this.#hasRoom(waiting.room)) return;
      this.#waiting.delete(waiting);
      this.#lines += waiting.room.lines;
      this.#bytes += waiting.room.bytes;
      for (const batch of waiting.batches) this.#hand(batch);
      waiting.admitted();
    }
  }

  #hasRoom({ lines, bytes }: Room): boolean {
    if (this.#lines === 0) return true;
    const { lines: mostLines, bytes: mostBytes } = this.#capacity;
    return this.#lines + lines <= mostLines && this.#bytes + bytes <= mostBytes;
  }

  #hand(batch: Batch): void {
    const taker = this.#takers.shift();
    if (taker) taker(batch);
    else this.#queue.push(batch);
  }
}

/** The same whenever it is asked. */
function roomOf(batches: readonly Batch[]): Room {
  let lines = 0;
  let bytes = 0;
  for (const batch of batches) {
    lines += batchLines(batch);
    bytes += batchBytes(batch);
  }
  return { lines, bytes };
}
