/** The log: a message for each event, with the beginning of its body as text and in hexadecimal. */
import { escapeBytes } from '../../core/escape.js';
import type { Logger } from '../../core/logger.js';
import { type EncodedEvents, EventCursor } from '../../wire/avro/events.js';
import { decodeHeaders } from '../../wire/avro/headers.js';
import type { Delivery } from './delivery.js';

interface LoggerOptions {
  readonly name: string;
  /** Of each body, as many are shown at most. */
  readonly maxBytes: number;
}

export class LoggerDelivery implements Delivery {
  readonly peer: string;
  readonly #maxBytes: number;
  readonly #log: Logger;

  constructor({ name, maxBytes }: LoggerOptions, log: Logger) {
    this.peer = name;
    this.#maxBytes = maxBytes;
    this.#log = log;
  }

  async open(): Promise<void> {}

  async deliver(events: EncodedEvents): Promise<void> {
    const { bytes } = events;
    const cursor = new EventCursor(events);
    while (cursor.next()) {
      const { bodyStart, bodyEnd } = cursor;
      const headers = bytes.subarray(cursor.headersStart, cursor.headersEnd);
      const shown = bytes.subarray(bodyStart, Math.min(bodyEnd, bodyStart + this.#maxBytes));
      this.#log.info('Event', {
        headers: JSON.stringify(Object.fromEntries(decodeHeaders(headers))),
        body: escapeBytes(shown, 'terminal'),
        hex: Array.from(shown, hexadecimal).join(' '),
        bytes: bodyEnd - bodyStart,
      });
    }
  }

  async close(): Promise<void> {}
}

function hexadecimal(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
