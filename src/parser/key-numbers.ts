/** Gives out key numbers: one that was given back if there is one, else the next. */
import { capacityFor } from './capacity.js';

export class KeyNumbers {
  #limit = 0;
  #free = new Int32Array(capacityFor(0));
  #freeCount = 0;

  /** All numbers given out so far are below this. */
  get limit(): number {
    return this.#limit;
  }

  /** How many numbers are out. */
  get taken(): number {
    return this.#limit - this.#freeCount;
  }

  take(): number {
    if (this.#freeCount > 0) {
      this.#freeCount -= 1;
      return this.#free[this.#freeCount];
    }
    this.#limit += 1;
    return this.#limit - 1;
  }

  giveBack(key: number): void {
    if (this.#freeCount === this.#free.length) {
      const grown = new Int32Array(capacityFor(this.#freeCount + 1));
      grown.set(this.#free);
      this.#free = grown;
    }
    this.#free[this.#freeCount] = key;
    this.#freeCount += 1;
  }
}
