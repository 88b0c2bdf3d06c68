/** The bodies of events as the content of a file. */
import { LINE_END } from '../../core/batch.js';
import { byteArray, withRoom } from '../../core/growth.js';
import { type EncodedEvents, eachEvent } from '../../wire/avro/events.js';

export class EventText {
  readonly #lineEnds: boolean;
  #bytes: Uint8Array = byteArray(0);

  /** `lineEnds`: each body is followed by one. */
  constructor(lineEnds: boolean) {
    this.#lineEnds = lineEnds;
  }

  /** Holds until the next call. */
  of(events: EncodedEvents): Uint8Array {
    // An event takes at least two bytes beside its body, so there is room for the line ends too.
    this.#bytes = withRoom(this.#bytes, events.bytes.length, byteArray);
    const bytes = this.#bytes;
    let at = 0;
    for (const { body } of eachEvent(events)) {
      bytes.set(body, at);
      at += body.length;
      if (this.#lineEnds) bytes[at++] = LINE_END;
    }
    return bytes.subarray(0, at);
  }
}
