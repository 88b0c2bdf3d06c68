/** Gives out key numbers: one that was given back if there is one, else the next. */
import { integers, withRoom } from '../../core/growth.js';

export class KeyNumbers {
  #limit = 0;
  #free = integers(0);
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
    this.#free = withRoom(this.#free, this.#freeCount + 1, integers);
    this.#free[this.#freeCount] = key;
    this.#freeCount += 1;
  }
}
