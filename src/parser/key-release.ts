/**
 * The key table as the window sees it: holds the rule of core/keys.ts, that a number keeps its key
 * as long as an answer that may hold it is out.
 */
import { byteArray, keyNumbers, withRoom } from '../core/growth.js';
import type { KeyTable } from '../core/keys.js';

/** Where the keys are. */
export interface KeyStore {
  readonly limit: number;
  bytesOf(key: number): Uint8Array;
  /** The number of a key, a new one if it has none and there is room; else `OTHER`. */
  enroll(bytes: Uint8Array): number;
  /** Forgets a key; its number may be given to another. */
  remove(key: number): void;
}

export class KeyRelease implements KeyTable {
  readonly #store: KeyStore;
  /** An answer is out that may hold any number; or, before the first one, keys were enrolled. */
  #areNumbersOut = false;
  /** Keys that left while numbers were out; some of them may have come back. */
  #left = keyNumbers(0);
  #leftCount = 0;
  /** By key number: 1 where it left and did not come back. */
  #isLeaving = byteArray(0);

  constructor(store: KeyStore) {
    this.#store = store;
  }

  get limit(): number {
    return this.#store.limit;
  }

  bytesOf(key: number): Uint8Array {
    return this.#store.bytesOf(key);
  }

  enroll(bytes: Uint8Array): number {
    this.#areNumbersOut = true;
    return this.#store.enroll(bytes);
  }

  /** An answer is about to be given. What was enrolled before is in the window, or is not wanted. */
  begin(): void {
    this.#removeLeft();
    this.#areNumbersOut = true;
  }

  entered(key: number): void {
    if (key < this.#isLeaving.length) this.#isLeaving[key] = 0;
  }

  left(key: number): void {
    if (!this.#areNumbersOut) {
      this.#store.remove(key);
      return;
    }
    this.#isLeaving = withRoom(this.#isLeaving, key + 1, byteArray);
    if (this.#isLeaving[key] === 1) return;
    this.#isLeaving[key] = 1;
    this.#left = withRoom(this.#left, this.#leftCount + 1, keyNumbers);
    this.#left[this.#leftCount++] = key;
  }

  added(): void {
    this.#areNumbersOut = false;
    this.#removeLeft();
  }

  #removeLeft(): void {
    for (let i = 0; i < this.#leftCount; i += 1) {
      const key = this.#left[i];
      if (this.#isLeaving[key] === 0) continue;
      this.#isLeaving[key] = 0;
      this.#store.remove(key);
    }
    this.#leftCount = 0;
  }
}
