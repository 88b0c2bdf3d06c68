/**
 * The bytes of the keys, one after the other in one array. Each stands behind a header of four
 * bytes: the key's number, or, once the key is gone, its length with the top bit set. So the array
 * can be walked, and is compacted where it lies.
 */
import { keyNumbers, withRoom } from '../../core/growth.js';

const HEADER = 4;
const GONE = 0x8000_0000;
const LEAST_CAPACITY = 4096;

export class KeyArena {
  #bytes = new Uint8Array(LEAST_CAPACITY);
  #used = 0;
  #live = 0;
  #keyBytes = 0;
  /** By key number: where its bytes start, and how many they are. 0 is no start: headers. */
  #starts = keyNumbers(0);
  #lengths = keyNumbers(0);

  /** The bytes of all keys held, headers not counted. */
  get keyBytes(): number {
    return this.#keyBytes;
  }

  /** What the arena holds in memory for bytes, in bytes: at most twice the most it ever held live. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** The view holds until the next `add`. */
  bytesOf(key: number): Uint8Array {
    const start = this.#starts[key];
    return this.#bytes.subarray(start, start + this.#lengths[key]);
  }

  /** Whether the bytes of `key` are `bytes[start, end)`. */
  equals(key: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start;
    if (this.#lengths[key] !== length) return false;
    const own = this.#bytes;
    const offset = this.#starts[key];
    for (let at = 0; at < length; at += 1) {
      if (own[offset + at] !== bytes[start + at]) return false;
    }
    return true;
  }

  /** Keeps a copy of `bytes[start, end)` as the key of this number, which must not have one. */
  add(key: number, bytes: Uint8Array, start: number, end: number): void {
    const length = end - start;
    if (this.#used + HEADER + length > this.#bytes.length) this.#makeRoom(HEADER + length);
    this.#reserve(key + 1);
    this.#writeHeader(this.#used, key);
    const offset = this.#used + HEADER;
    const own = this.#bytes;
    for (let at = 0; at < length; at += 1) own[offset + at] = bytes[start + at];
    this.#starts[key] = offset;
    this.#lengths[key] = length;
    this.#used = offset + length;
    this.#live += HEADER + length;
    this.#keyBytes += length;
  }

  remove(key: number): void {
    const length = this.#lengths[key];
    this.#writeHeader(this.#starts[key] - HEADER, GONE + length);
    this.#starts[key] = 0;
    this.#live -= HEADER + length;
    this.#keyBytes -= length;
  }

  /**
   * Compacts, into a new array where less than half would be free after that: then room made lasts
   * for as many bytes as were copied to make it.
   */
  #makeRoom(needed: number): void {
    const capacity = 2 * (this.#live + needed);
    if (capacity <= this.#bytes.length) this.#compactInto(this.#bytes);
    else this.#compactInto(new Uint8Array(capacity));
  }

  /** Moves towards the front only, byte by byte, so `target` may be the array itself. */
  #compactInto(target: Uint8Array<ArrayBuffer>): void {
    const source = this.#bytes;
    let to = 0;
    let from = 0;
    while (from < this.#used) {
      const header = this.#readHeader(from);
      const gone = header >= GONE;
      const end = from + HEADER + (gone ? header - GONE : this.#lengths[header]);
      if (!gone) {
        this.#starts[header] = to + HEADER;
        while (from < end) target[to++] = source[from++];
      }
      from = end;
    }
    this.#bytes = target;
    this.#used = to;
  }

  #reserve(count: number): void {
    this.#starts = withRoom(this.#starts, count, keyNumbers);
    this.#lengths = withRoom(this.#lengths, count, keyNumbers);
  }

  #writeHeader(at: number, header: number): void {
    this.#bytes[at] = header;
    this.#bytes[at + 1] = header >>> 8;
    this.#bytes[at + 2] = header >>> 16;
    this.#bytes[at + 3] = header >>> 24;
  }

  #readHeader(at: number): number {
    const own = this.#bytes;
    return (own[at] | (own[at + 1] << 8) | (own[at + 2] << 16) | (own[at + 3] << 24)) >>> 0;
  }
}
