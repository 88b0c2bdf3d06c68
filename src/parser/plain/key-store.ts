/** The keys of the plain parser: bytes to number and back, bounded in keys and in bytes. */
import { OTHER } from '../../core/answer.js';
import { MOST_KEY_BYTES, MOST_KEYS } from '../../core/config.js';
import type { KeyStore } from '../key-release.js';
import { type HashSeed, halfSipHash, randomSeed } from './half-sip-hash.js';
import { KeyArena } from './key-arena.js';
import { KeyIndex } from './key-index.js';
import { KeyNumbers } from './key-numbers.js';

interface KeyBounds {
  /** How many keys hold a number at any time; more than `MOST_KEYS` is cut to it. */
  readonly maxKeys: number;
  /** The sum of their bytes; more than `MOST_KEY_BYTES` is cut to it. */
  readonly maxKeyBytes: number;
  /** For tests; random by default. */
  readonly seed?: HashSeed;
}

/** `OTHER` as a signed number: of the same bits in an answer, but one that V8 need not box. */
const NO_ROOM = OTHER | 0;

export class BoundedKeyStore implements KeyStore {
  readonly #maxKeys: number;
  readonly #maxKeyBytes: number;
  readonly #seed0: number;
  readonly #seed1: number;
  readonly #arena = new KeyArena();
  readonly #index = new KeyIndex(this.#arena);
  readonly #numbers = new KeyNumbers();

  constructor(bounds: KeyBounds) {
    this.#maxKeys = Math.min(bounds.maxKeys, MOST_KEYS);
    this.#maxKeyBytes = Math.min(bounds.maxKeyBytes, MOST_KEY_BYTES);
    [this.#seed0, this.#seed1] = bounds.seed ?? randomSeed();
  }

  get limit(): number {
    return this.#numbers.limit;
  }

  /** What the bytes of the keys and the index take in memory, in bytes. */
  get capacity(): number {
    return this.#arena.capacity + this.#index.capacity;
  }

  /**
   * The number of the key `bytes[start, end)`, a new one if it has none and there is room; else
   * `OTHER`, as a signed 32-bit number.
   */
  intern(bytes: Uint8Array, start: number, end: number): number {
    const hash = halfSipHash(this.#seed0, this.#seed1, bytes, start, end);
    const key = this.#index.find(hash, bytes, start, end);
    return key < 0 ? this.#enter(hash, bytes, start, end) : key;
  }

  enroll(bytes: Uint8Array): number {
    return this.intern(bytes, 0, bytes.length) >>> 0;
  }

  bytesOf(key: number): Uint8Array {
    return this.#arena.bytesOf(key);
  }

  remove(key: number): void {
    const bytes = this.#arena.bytesOf(key);
    this.#index.remove(halfSipHash(this.#seed0, this.#seed1, bytes, 0, bytes.length), key);
    this.#arena.remove(key);
    this.#numbers.giveBack(key);
  }

  #enter(hash: number, bytes: Uint8Array, start: number, end: number): number {
    if (this.#numbers.taken >= this.#maxKeys) return NO_ROOM;
    if (this.#arena.keyBytes + end - start > this.#maxKeyBytes) return NO_ROOM;
    const key = this.#numbers.take();
    this.#arena.add(key, bytes, start, end);
    this.#index.add(hash, key);
    return key;
  }
}
