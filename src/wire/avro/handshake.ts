/** What a server answers to the handshake that each connection begins with. */
import type { HandshakeRequest, HandshakeResponse, Match } from './avsc.js';
import { isSameProtocol } from './protocol-shape.js';
import { hashOf, type Protocol } from './protocols.js';

/** Protocols of clients that are remembered; there are not many texts of one protocol. */
const MOST_KNOWN = 1000;

export interface Greeting {
  readonly response: HandshakeResponse;
  /**
   * - `known`: the call that came with it is answered, and those that follow
   * - `unknown`: the client sends all of it again, with the text of its protocol
   * - `foreign`: it speaks another protocol; each call is answered with an error
   */
  readonly client: 'known' | 'unknown' | 'foreign';
}

/** Of all connections of one server: it remembers which protocols are ours in other words. */
export class Handshakes {
  readonly #protocol: Protocol;
  /** By their hashes, in hexadecimal. */
  readonly #known: Set<string>;
  readonly #ours: ReadonlySet<string>;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#ours = new Set([hex(protocol.hash), hex(protocol.javaHash)]);
    this.#known = new Set(this.#ours);
  }

  answer({ clientHash, clientProtocol, serverHash }: HandshakeRequest): Greeting {
    if (!this.#known.has(hex(clientHash))) {
      if (clientProtocol === null) return { response: this.#response('NONE'), client: 'unknown' };
      // It has to read the error that it gets, so it is told that each knows the other.
      if (!this.#accepts(clientProtocol)) {
        return { response: this.#response('BOTH'), client: 'foreign' };
      }
    }
    const match = this.#ours.has(hex(serverHash)) ? 'BOTH' : 'CLIENT';
    return { response: this.#response(match), client: 'known' };
  }

  #accepts(text: string): boolean {
    if (!isSameProtocol(text, this.#protocol.text)) return false;
    if (this.#known.size >= MOST_KNOWN) this.#forget();
    this.#known.add(hex(hashOf(text)));
    return true;
  }

  /** The one that came first of those that are not ours. */
  #forget(): void {
    for (const hash of this.#known) {
      if (this.#ours.has(hash)) continue;
      this.#known.delete(hash);
      return;
    }
  }

  #response(match: Match): HandshakeResponse {
    if (match === 'BOTH') return { match, serverProtocol: null, serverHash: null };
    const { text, hash } = this.#protocol;
    return { match, serverProtocol: text, serverHash: hash };
  }
}

function hex(hash: Uint8Array): string {
  return Buffer.from(hash).toString('hex');
}
