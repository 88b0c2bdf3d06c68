/**
 * From a key's bytes to its number: open addressing with linear probing, at most half full. What is
 * removed leaves no mark: the entries behind it move up, so a table in which keys come and go for
 * ever stays as fast as a new one.
 */
import type { KeyArena } from './key-arena.js';

const LEAST_PLACES = 64;

export class KeyIndex {
  readonly #arena: KeyArena;
  #mask = LEAST_PLACES - 1;
  #count = 0;
  /** Two numbers a place: the hash, and the key's number plus one (0 where the place is empty). */
  #places = new Int32Array(2 * LEAST_PLACES);

  constructor(arena: KeyArena) {
    this.#arena = arena;
  }

  /** What the index holds in memory, in bytes. */
  get capacity(): number {
    return this.#places.byteLength;
  }

  /** The number of the key with these bytes and this hash of them, or -1. */
  find(hash: number, bytes: Uint8Array, start: number, end: number): number {
    const places = this.#places;
    const mask = this.#mask;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const key = places[2 * place + 1] - 1;
      if (key < 0) return -1;
      if (places[2 * place] === hash && this.#arena.equals(key, bytes, start, end)) return key;
    }
  }

  /** Adds a key that is not there. */
  add(hash: number, key: number): void {
    this.#count += 1;
    if (2 * this.#count > this.#mask + 1) this.#double();
    this.#put(hash, key + 1);
  }

  /** Removes a key that is there. */
  remove(hash: number, key: number): void {
    const places = this.#places;
    const mask = this.#mask;
    let hole = hash & mask;
    while (places[2 * hole + 1] !== key + 1) hole = (hole + 1) & mask;
    for (let place = (hole + 1) & mask; places[2 * place + 1] !== 0; place = (place + 1) & mask) {
      const home = places[2 * place] & mask;
      // An entry whose home lies behind the hole would no longer be found before it.
      if (((place - home) & mask) < ((place - hole) & mask)) continue;
      places[2 * hole] = places[2 * place];
      places[2 * hole + 1] = places[2 * place + 1];
      hole = place;
    }
    places[2 * hole + 1] = 0;
    this.#count -= 1;
  }

  #put(hash: number, entry: number): void {
    const places = this.#places;
    const mask = this.#mask;
    let place = hash & mask;
    while (places[2 * place + 1] !== 0) place = (place + 1) & mask;
    places[2 * place] = hash;
    places[2 * place + 1] = entry;
  }

  #double(): void {
    const old = this.#places;
    this.#places = new Int32Array(2 * old.length);
    this.#mask = 2 * this.#mask + 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] !== 0) this.#put(old[at], old[at + 1]);
    }
  }
}
