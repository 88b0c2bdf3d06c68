/** Makes a line's key of the fields asked for, and gives its number. */
import { rejectionCode } from '../../core/answer.js';
import type { Events } from '../../core/batch.js';
import type { Field } from '../../core/config.js';
import type { Captures } from './captures.js';
import { createExtent, findField } from './fields.js';
import { KeyScratch } from './key-scratch.js';
import type { BoundedKeyStore } from './key-store.js';

/** A signed number, so that all of a line's results are of one kind; an answer keeps the bits. */
const NO_FIELD = rejectionCode('no-field') | 0;

export interface Assembly {
  /** The next batch begins; its lines follow in their order. */
  begin(events: Events | undefined): void;
  /** The key's number, or the code of why there is none, as a signed 32-bit number. */
  keyOf(bytes: Uint8Array, captures: Captures): number;
}

export class KeyAssembly implements Assembly {
  readonly #by: readonly Field[];
  readonly #first: Field;
  readonly #single: boolean;
  readonly #table: BoundedKeyStore;
  readonly #extent = createExtent();
  readonly #scratch = new KeyScratch();

  constructor(by: readonly Field[], table: BoundedKeyStore) {
    this.#by = by;
    this.#first = by[0];
    this.#single = by.length === 1;
    this.#table = table;
  }

  begin(): void {}

  keyOf(bytes: Uint8Array, captures: Captures): number {
    if (!this.#single) return this.#compositeKeyOf(bytes, captures);
    const extent = this.#extent;
    if (!findField(this.#first, bytes, captures, extent)) return NO_FIELD;
    return this.#table.intern(bytes, extent[0], extent[1]);
  }

  #compositeKeyOf(bytes: Uint8Array, captures: Captures): number {
    this.#scratch.clear();
    for (let field = 0; field < this.#by.length; field += 1) {
      if (!findField(this.#by[field], bytes, captures, this.#extent)) return NO_FIELD;
      this.#scratch.append(bytes, this.#extent[0], this.#extent[1]);
    }
    return this.#scratch.intern(this.#table);
  }
}
