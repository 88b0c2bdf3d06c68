/** The bodies of events as the content of a file. */
import { LINE_END } from '../../core/batch.js';
import { byteArray, withRoom } from '../../core/growth.js';
import { type EncodedEvents, EventCursor } from '../../wire/avro/events.js';

export class EventText {
  readonly #lineEnds: boolean;
  #bytes: Uint8Array = byteArray(0);

  /** `lineEnds`: each body is followed by one. */
  constructor(lineEnds: boolean) {
    this.#lineEnds = lineEnds;
  }

  /** Holds until the next call. */
  of(events: EncodedEvents): Uint8Array {
    this.#bytes = withRoom(this.#bytes, events.bytes.length, byteArray);
    const bytes = this.#bytes;
    // In one piece; the bodies then move left. An event takes at least two bytes beside its body, so
    // there is room for the line ends, and none is overwritten before it has moved.
    bytes.set(events.bytes);
    const cursor = new EventCursor(events);
    let at = 0;
    while (cursor.next()) {
      bytes.copyWithin(at, cursor.bodyStart, cursor.bodyEnd);
      at += cursor.bodyEnd - cursor.bodyStart;
      if (this.#lineEnds) bytes[at++] = LINE_END;
    }
    return bytes.subarray(0, at);
  }
}
