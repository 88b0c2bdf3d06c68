/**
 * Makes a line's key where headers of its event are part of it. It stands beside the assembly for keys
 * of the line alone, which is what nearly all runs use and need not ask about headers.
 */
import { rejectionCode } from '../../core/answer.js';
import type { Events } from '../../core/batch.js';
import { type Field, headerName, isField, type KeyField } from '../../core/config.js';
import { type Captures, HOST } from './captures.js';
import { EventHeaders } from './event-headers.js';
import { createExtent, findField } from './fields.js';
import type { Assembly } from './key-assembly.js';
import { KeyScratch } from './key-scratch.js';
import type { BoundedKeyStore } from './key-store.js';

const NO_FIELD = rejectionCode('no-field') | 0;

/** A field of the line, or the name of a header in UTF-8. */
type Part = Field | Uint8Array;

export class EventKeyAssembly implements Assembly {
  readonly #parts: readonly Part[];
  readonly #table: BoundedKeyStore;
  readonly #headers: EventHeaders;
  readonly #extent = createExtent();
  readonly #scratch = new KeyScratch();

  /** A header of more than `longest` bytes is taken to be missing. */
  constructor(by: readonly KeyField[], table: BoundedKeyStore, longest: number) {
    this.#parts = by.map((field) => (isField(field) ? field : nameBytes(field)));
    this.#table = table;
    this.#headers = new EventHeaders(longest);
  }

  begin(events: Events | undefined): void {
    this.#headers.begin(events);
  }

  /** The line has matched, so the host is what it begins with. */
  keyOf(bytes: Uint8Array, captures: Captures): number {
    const extent = this.#extent;
    this.#scratch.clear();
    this.#headers.moveTo(captures[HOST]);
    for (let at = 0; at < this.#parts.length; at += 1) {
      const part = this.#parts[at];
      if (typeof part === 'string') {
        if (!findField(part, bytes, captures, extent)) return NO_FIELD;
        this.#scratch.append(bytes, extent[0], extent[1]);
      } else {
        if (!this.#headers.find(part, extent)) return NO_FIELD;
        this.#scratch.append(this.#headers.bytes, extent[0], extent[1]);
      }
    }
    return this.#scratch.intern(this.#table);
  }
}

function nameBytes(field: KeyField): Uint8Array {
  return Buffer.from(headerName(field) ?? '');
}
