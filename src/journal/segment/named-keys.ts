/**
 * Which keys a segment has named. A key's bytes stand in it once, with the entry number of its stay
 * in the window; from then on that number stands for them.
 */
import { numbers, withRoom } from '../../core/growth.js';

export class NamedKeys {
  /** By key number, the entry number under which it was named; 0 for none. */
  #entries = numbers(0);

  has(key: number, entry: number): boolean {
    return key < this.#entries.length && this.#entries[key] === entry;
  }

  add(key: number, entry: number): void {
    this.#entries = withRoom(this.#entries, key + 1, numbers);
    this.#entries[key] = entry;
  }

  /** Another segment begins. */
  clear(): void {
    this.#entries.fill(0);
  }
}
