/**
 * The keys that left the window and wait until every batch parsed before that has been added. A
 * doubly linked list in typed arrays, because a line or the window can call any key back; ordered by
 * turn, since turns only rise.
 */
import { integers, numbers, withRoom } from '../core/growth.js';

const NONE = -1;

export class ReleaseQueue {
  #waiting = 0;
  #first = NONE;
  #last = NONE;
  #next = integers(0);
  #previous = integers(0);
  /** By key number: the turn plus one, 0 where the key does not wait. It can grow past 32 bits. */
  #turns = numbers(0);

  /** How many keys wait. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Makes the key wait for the batch of `turn`; one that waits already goes on as it does. */
  add(key: number, turn: number): void {
    this.#reserve(key + 1);
    if (this.#turns[key] !== 0) return;
    this.#turns[key] = turn + 1;
    this.#next[key] = NONE;
    this.#previous[key] = this.#last;
    if (this.#last === NONE) this.#first = key;
    else this.#next[this.#last] = key;
    this.#last = key;
    this.#waiting += 1;
  }

  /** Takes the key out of the queue, if it is there. */
  cancel(key: number): void {
    if (key >= this.#turns.length || this.#turns[key] === 0) return;
    const next = this.#next[key];
    const previous = this.#previous[key];
    if (previous === NONE) this.#first = next;
    else this.#next[previous] = next;
    if (next === NONE) this.#last = previous;
    else this.#previous[next] = previous;
    this.#turns[key] = 0;
    this.#waiting -= 1;
  }

  /** Takes out a key that waits for a batch no later than that of `turn`; -1 where there is none. */
  take(turn: number): number {
    const key = this.#first;
    if (key === NONE || this.#turns[key] > turn + 1) return NONE;
    this.cancel(key);
    return key;
  }

  #reserve(count: number): void {
    this.#next = withRoom(this.#next, count, integers);
    this.#previous = withRoom(this.#previous, count, integers);
    this.#turns = withRoom(this.#turns, count, numbers);
  }
}
