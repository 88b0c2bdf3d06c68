/** Where a key of several fields is put together: each followed by a separator, but for the last. */
import { byteArray, withRoom } from '../../core/growth.js';
import { FIELD_SEPARATOR } from '../../core/keys.js';
import type { BoundedKeyStore } from './key-store.js';

export class KeyScratch {
  #bytes = byteArray(0);
  #used = 0;

  clear(): void {
    this.#used = 0;
  }

  /** Appends a field, which lies in `bytes`, and a separator. */
  append(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#used + end - start + 1;
    const scratch = withRoom(this.#bytes, needed, byteArray);
    this.#bytes = scratch;
    let to = this.#used;
    for (let at = start; at < end; at += 1) scratch[to++] = bytes[at];
    scratch[to] = FIELD_SEPARATOR;
    this.#used = needed;
  }

  /** The number of the key; at least one field was appended. */
  intern(table: BoundedKeyStore): number {
    return table.intern(this.#bytes, 0, this.#used - 1);
  }
}
