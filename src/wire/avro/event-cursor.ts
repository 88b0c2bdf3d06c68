/** Goes over events that are encoded, and makes nothing for each. */
import { BinaryReader } from './binary-reader.js';
import type { EncodedEvents } from './events.js';

/** Stands at an event after `next` has said so; what it has are places in the bytes of the events. */
export class EventCursor {
  headersStart = 0;
  headersEnd = 0;
  bodyStart = 0;
  /** The next event begins here: the body is the last of what an event has. */
  bodyEnd = 0;
  readonly #reader: BinaryReader;
  #left: number;

  constructor(events: EncodedEvents) {
    this.#reader = new BinaryReader(events.bytes);
    this.#left = events.count;
  }

  /** Goes to the next event; false where there is none. Throws `MalformedError`. */
  next(): boolean {
    if (this.#left === 0) return false;
    this.#left -= 1;
    const reader = this.#reader;
    this.headersStart = reader.at;
    reader.skipMap();
    this.headersEnd = reader.at;
    const length = reader.length();
    this.bodyStart = reader.at;
    this.bodyEnd = reader.at + length;
    reader.at = this.bodyEnd;
    return true;
  }
}
