import { MalformedError } from '../malformed.js';
import { decodeHandshakeResponse, encodeHandshakeRequest } from './avsc.js';
import type { BinaryReader } from './binary-reader.js';
import { isSameProtocol } from './protocol-shape.js';
import type { Protocol } from './protocols.js';

/**
 * The client's side of the handshake. Our text goes with it at once, which saves the round trip in which
 * a server asks for it.
 */
export class ClientHandshake {
  readonly #protocol: Protocol;
  #serverHash: Uint8Array;
  #state: 'open' | 'under way' | 'done' = 'open';
  #sent = 0;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#serverHash = protocol.javaHash;
  }

  get state(): 'open' | 'under way' | 'done' {
    return this.#state;
  }

  /** What the next call begins with, or undefined where nothing more is to be said. */
  greeting(): Uint8Array | undefined {
    if (this.#state === 'done') return undefined;
    this.#state = 'under way';
    this.#sent += 1;
    return encodeHandshakeRequest({
      clientHash: this.#protocol.hash,
      clientProtocol: this.#protocol.text,
      serverHash: this.#serverHash,
    });
  }

  /**
   * Reads what the server says; whether the call went through. If not, it is to be sent again, with a new
   * greeting. Throws `MalformedError` where the server speaks another protocol.
   */
  read(reader: BinaryReader): boolean {
    const { match, serverProtocol, serverHash } = decodeHandshakeResponse(reader);
    if (serverProtocol !== null && !isSameProtocol(serverProtocol, this.#protocol.text)) {
      throw new MalformedError(`it does not speak ${this.#protocol.name}`);
    }
    if (match !== 'NONE') {
      this.#state = 'done';
      return true;
    }
    if (this.#sent > 1 || serverHash === null) {
      throw new MalformedError('it does not take our protocol, though it was sent its text');
    }
    this.#serverHash = serverHash;
    return false;
  }
}
