/** What comes out of the channel, a batch at a time, and whether there can be more. */
import type { Batch } from '../../core/batch.js';
import type { BoundedOutlet } from '../../core/stages.js';

interface SupplyEnds {
  readonly outlet: BoundedOutlet;
  /** A batch that was asked for; undefined where there will be no more. */
  received(batch: Batch | undefined): void;
  /** The outlet failed, or what was received could not be taken. */
  broken(error: unknown): void;
  /** Perhaps it is exhausted. */
  waits(): void;
}

export class Supply {
  readonly #ends: SupplyEnds;
  #isAsked = false;
  #hasEnded = false;
  /** What was asked for did not come at once: there is nothing in the channel. */
  #isEmpty = false;
  #isLooking = false;

  constructor(ends: SupplyEnds) {
    this.#ends = ends;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Nothing more can come before something of what was given is acknowledged. */
  get isExhausted(): boolean {
    return this.#isEmpty && this.#ends.outlet.isFull;
  }

  /** Asks for one more batch, unless one was asked for that has not come. */
  ask(): void {
    if (this.#isAsked || this.#hasEnded) return;
    this.#isAsked = true;
    this.#ends.outlet
      .take()
      .then((batch) => this.#receive(batch))
      .catch((error: unknown) => this.#ends.broken(error));
    this.#look();
  }

  /** Something was acknowledged: more may be here in a moment. */
  refill(): void {
    this.#isEmpty = false;
    if (this.#isAsked) this.#look();
  }

  #receive(batch: Batch | undefined): void {
    this.#isAsked = false;
    this.#isEmpty = false;
    this.#hasEnded = batch === undefined;
    this.#ends.received(batch);
  }

  /** What the channel has comes before that. */
  #look(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    setImmediate(() => {
      this.#isLooking = false;
      this.#isEmpty = this.#isAsked;
      if (this.#isEmpty) this.#ends.waits();
    });
  }
}
