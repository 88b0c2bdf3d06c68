import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { createServer, type SecureContextOptions, type Server } from 'node:tls';

/**
 * Speaks TLS over connections that came. The certificates are parsed once: with all the authorities of a
 * system that takes tens of milliseconds, in which nothing is counted.
 */
export class TlsServer {
  readonly #shared: Server;

  /** Who connects is asked for a certificate where authorities (`ca`) are given. */
  constructor(secrets: SecureContextOptions) {
    const asks = secrets.ca !== undefined;
    this.#shared = createServer({ ...secrets, requestCert: asks, rejectUnauthorized: asks });
  }

  /**
   * `ready` is given the stream above `below`, `failed` why there is none; one of them, once. The stream
   * ends with `below`.
   */
  secure(below: Duplex, ready: (stream: Duplex) => void, failed: (error: Error) => void): void {
    const server = inheriting(this.#shared);
    // Who goes away before TLS has come about waits for no answer, and is to hold no place.
    below.allowHalfOpen = false;
    server.on('secureConnection', (stream) => {
      stream.allowHalfOpen = true;
      below.on('error', (error) => stream.destroy(error));
      below.on('close', () => stream.destroy());
      ready(stream);
    });
    server.on('tlsClientError', failed);
    for (const listener of this.#shared.listeners('connection')) {
      Reflect.apply(listener, server, [below]);
    }
  }
}

/**
 * A server with the settings of another, but with listeners of its own: of one connection, for only so it
 * is known which one an error belongs to.
 */
function inheriting(shared: Server): Server {
  const server: Server = Object.create(shared);
  EventEmitter.call(server);
  return server;
}
