/** Batches between the one who takes them ahead and the one who answers them in order. */
import { Fifo } from '../../core/fifo.js';

export class PendingBatches<T> {
  readonly #items = new Fifo<T>();
  #isClosed = false;
  #failure: unknown;
  #wake: () => void = () => {};

  push(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  /** Nothing more will come; with a failure, because of that. */
  close(failure?: unknown): void {
    this.#isClosed = true;
    this.#failure = failure;
    this.#wake();
  }

  /** The oldest, as soon as there is one; undefined once there will be no more. Throws the failure. */
  async next(): Promise<T | undefined> {
    while (this.#items.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#items.length === 0 && this.#failure !== undefined) throw this.#failure;
    return this.#items.shift();
  }
}
