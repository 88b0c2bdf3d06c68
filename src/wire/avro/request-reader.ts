import { decodeHandshakeRequest, encodeHandshakeResponse } from './avsc.js';
import { BinaryReader } from './binary-reader.js';
import { readCallHead } from './envelope.js';
import type { Handshakes } from './handshake.js';
import type { Protocol } from './protocols.js';

/** Each has what an answer begins with: the handshake, or nothing. */
export type Request =
  | {
      readonly kind: 'call';
      readonly greeting: Uint8Array;
      readonly message: string;
      readonly parameters: Uint8Array;
    }
  /** The handshake is all of the answer. */
  | { readonly kind: 'answered'; readonly greeting: Uint8Array }
  /** The answer is an error. */
  | { readonly kind: 'refused'; readonly greeting: Uint8Array; readonly reason: string };

const NOTHING = new Uint8Array(0);

/** Reads the requests of one connection: the handshake that it begins with, then calls. */
export class RequestReader {
  readonly #protocol: Protocol;
  readonly #handshakes: Handshakes;
  #client: 'unknown' | 'known' | 'foreign' = 'unknown';

  constructor(protocol: Protocol, handshakes: Handshakes) {
    this.#protocol = protocol;
    this.#handshakes = handshakes;
  }

  /** Throws `MalformedError`. */
  read(bytes: Uint8Array): Request {
    const reader = new BinaryReader(bytes);
    let greeting: Uint8Array = NOTHING;
    if (this.#client === 'unknown') {
      const { response, client } = this.#handshakes.answer(decodeHandshakeRequest(reader));
      this.#client = client;
      greeting = encodeHandshakeResponse(response);
      if (client === 'unknown') return { kind: 'answered', greeting };
    }
    const message = readCallHead(reader);
    if (this.#client === 'foreign') return this.#refused(greeting, 'another protocol was offered');
    if (message === '') return { kind: 'answered', greeting };
    if (!this.#protocol.messages.includes(message)) {
      return this.#refused(greeting, `there is no message ${message.slice(0, 100)}`);
    }
    return { kind: 'call', greeting, message, parameters: reader.take(reader.left) };
  }

  #refused(greeting: Uint8Array, why: string): Request {
    const { name, messages } = this.#protocol;
    const reason = `${why}; spoken here is ${name} with ${messages.join(', ')}`;
    return { kind: 'refused', greeting, reason };
  }
}
