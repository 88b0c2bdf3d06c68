/**
 * Which batches the far end has all of. Events are numbered through, so neither side has to know how
 * chunks were cut, in which order they arrived, or which were cut again.
 */
import type { Batch } from '../../core/batch.js';
import { Fifo } from '../../core/fifo.js';

interface Entry {
  readonly batch: Batch;
  /** How many it has: lines that were left out are none. */
  readonly events: number;
  /** The number of the event after its last one. */
  readonly end: number;
}

export class Ledger {
  readonly #tell: (batch: Batch, events: number) => void;
  readonly #entries = new Fifo<Entry>();
  /** Of runs of events that arrived before others did: where they begin, and where they end. */
  readonly #early = new Map<number, number>();
  #delivered = 0;
  /** The number of the event after the last one of the batch that was added last. */
  #added = 0;

  /** `tell` is told each batch once and how many events it had, in the order in which they were added. */
  constructor(tell: (batch: Batch, events: number) => void) {
    this.#tell = tell;
  }

  /** All events before this number have arrived. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Its events, if it has any, are those after the batch before it, and before `end`. */
  add(batch: Batch, end: number): void {
    this.#entries.push({ batch, events: end - this.#added, end });
    this.#added = end;
    this.#settle();
  }

  /** The events from `first` on, and before `end`, have arrived. */
  arrived(first: number, end: number): void {
    this.#early.set(first, end);
    for (let next = this.#early.get(this.#delivered); next !== undefined; ) {
      this.#early.delete(this.#delivered);
      this.#delivered = next;
      next = this.#early.get(next);
    }
    this.#settle();
  }

  #settle(): void {
    for (let entry = this.#entries.peek(); entry; entry = this.#entries.peek()) {
      if (entry.end > this.#delivered) return;
      this.#entries.shift();
      this.#tell(entry.batch, entry.events);
    }
  }
}
