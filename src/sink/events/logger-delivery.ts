/** The log: a message for each event, with the beginning of its body as text and in hexadecimal. */
import { escapeBytes } from '../../core/escape.js';
import type { Logger } from '../../core/logger.js';
import { type EncodedEvents, eachEvent } from '../../wire/avro/events.js';
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
    for (const { headers, body } of eachEvent(events)) {
      const shown = body.subarray(0, this.#maxBytes);
      this.#log.info('Event', {
        headers: JSON.stringify(Object.fromEntries(decodeHeaders(headers))),
        body: escapeBytes(shown, 'terminal'),
        hex: Array.from(shown, hexadecimal).join(' '),
        bytes: body.length,
      });
    }
  }

  async close(): Promise<void> {}
}

function hexadecimal(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}
