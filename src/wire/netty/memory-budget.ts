/** How much all connections of a server together hold in messages that are not answered yet. */
import type { Room } from './frame-decoder.js';

/**
 * When it is used up, a message that is being read waits, except for the one that began first: so there
 * is always one that can come to its end, and what is held is less than the limit and one message.
 */
export class MemoryBudget {
  readonly #limit: number;
  #held = 0;
  /** Whose message has begun and is not complete, in the order in which they began. */
  readonly #reading = new Set<BudgetShare>();
  readonly #waiting = new Set<BudgetShare>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** In bytes. */
  get held(): number {
    return this.#held;
  }

  /** For a connection. `resume` is called when there may be room again after it was refused. */
  share(resume: () => void): BudgetShare {
    return new BudgetShare(this, resume);
  }

  /** Only for shares. */
  take(share: BudgetShare, bytes: number): boolean {
    this.#reading.add(share);
    if (this.#held + bytes > this.#limit && !this.#isFirst(share)) {
      this.#waiting.add(share);
      return false;
    }
    this.#held += bytes;
    return true;
  }

  /** Only for shares. */
  release(bytes: number): void {
    if (bytes === 0) return;
    this.#held -= bytes;
    this.#serve();
  }

  /** Only for shares: nothing more is read for this one at the moment. */
  leave(share: BudgetShare): void {
    this.#waiting.delete(share);
    if (this.#reading.delete(share)) this.#serve();
  }

  #isFirst(share: BudgetShare): boolean {
    return this.#reading.values().next().value === share;
  }

  /** Lets go on who waits, in their order, until one has to wait again. */
  #serve(): void {
    if (this.#waiting.size === 0) return;
    const first = this.#reading.values().next().value;
    if (first !== undefined && this.#waiting.delete(first)) first.resume();
    for (const share of [...this.#waiting]) {
      if (!this.#waiting.delete(share)) continue;
      share.resume();
      if (this.#waiting.has(share)) return;
    }
  }
}

/** What one connection holds. */
export class BudgetShare implements Room {
  readonly #budget: MemoryBudget;
  readonly #resume: () => void;
  /** Of the message that is not complete. */
  #reading = 0;

  constructor(budget: MemoryBudget, resume: () => void) {
    this.#budget = budget;
    this.#resume = resume;
  }

  take(bytes: number): boolean {
    if (!this.#budget.take(this, bytes)) return false;
    this.#reading += bytes;
    return true;
  }

  complete(held: number): void {
    this.#stop(this.#reading - held);
  }

  /** A message that was complete is not held any more. */
  release(bytes: number): void {
    this.#budget.release(bytes);
  }

  /** The connection is gone; the messages that were complete may still be worked on. */
  end(): void {
    this.#stop(this.#reading);
  }

  resume(): void {
    this.#resume();
  }

  #stop(given: number): void {
    this.#reading = 0;
    this.#budget.leave(this);
    this.#budget.release(given);
  }
}
