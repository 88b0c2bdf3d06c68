/**
 * The headers of the events that a batch came as, looked up for its lines: several lines may be of one
 * event, and have the same headers then.
 */
import type { Events } from '../../core/batch.js';
import { LINE_END } from '../../core/batch.js';
import { findHeader } from '../../wire/avro/headers.js';
import type { Extent } from './fields.js';

const NOTHING = new Uint8Array(0);

export class EventHeaders {
  readonly #longest: number;
  #events: Events | undefined;
  #bytes: Uint8Array = NOTHING;
  /** The headers of the event in which the line lies, in `bytes`. */
  #start = 0;
  #end = 0;
  /** Of that event. */
  #index = -1;
  /** The place in the batch after that event. */
  #lineEnd = 0;

  /** A header of more than `longest` bytes is taken to be missing. */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** What `find` finds lies in these bytes. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /** The next batch begins. */
  begin(events: Events | undefined): void {
    this.#events = events;
    this.#bytes = events?.headers ?? NOTHING;
    this.#index = -1;
    this.#lineEnd = 0;
    this.#start = 0;
    this.#end = events?.kind === 'same' ? events.headers.length : 0;
  }

  /** The next line is asked about: it begins at `at` of the batch, after those asked about before. */
  moveTo(at: number): void {
    const events = this.#events;
    if (events?.kind !== 'own') return;
    while (at >= this.#lineEnd) {
      this.#index += 1;
      this.#lineEnd = events.ends[this.#index];
      this.#start = this.#end;
      this.#end = events.headerEnds[this.#index];
    }
  }

  /**
   * Writes to `extent` where the value of a header of the line's event lies. False where it has none
   * that can be part of a key: a line end in it would be taken for the end of the field.
   */
  find(name: Uint8Array, extent: Extent): boolean {
    if (this.#end === this.#start) return false;
    if (!findHeader(this.#bytes, this.#start, this.#end, name, extent)) return false;
    if (extent[1] - extent[0] > this.#longest) return false;
    for (let at = extent[0]; at < extent[1]; at += 1) {
      if (this.#bytes[at] === LINE_END) return false;
    }
    return true;
  }
}
