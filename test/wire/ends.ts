/** Servers and clients over sockets of this machine. */
import { connect, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/core/clock.js';
import { type Endpoint, type Layers, PLAIN } from '../../src/core/endpoint.js';
import { FLUME } from '../../src/wire/avro/protocols.js';
import { type ClientOptions, RpcClient } from '../../src/wire/avro/rpc-client.js';
import { RpcServer, type ServerOptions } from '../../src/wire/avro/rpc-server.js';
import { RecordedLog } from '../support/recorded-log.js';
import { acceptingHandler } from './server-end.js';

const toClose: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
});

export interface Served {
  readonly server: RpcServer;
  readonly log: RecordedLog;
  readonly endpoint: Endpoint;
}

/** A server that is closed after the test; it takes all events, unless told otherwise. */
export async function serve(options: Partial<ServerOptions> = {}): Promise<Served> {
  const log = new RecordedLog();
  const server = await RpcServer.listen({
    protocol: FLUME,
    endpoint: { host: '127.0.0.1', port: 0, layers: PLAIN },
    maxCall: 1 << 20,
    maxConnections: 100,
    clock: systemClock,
    log,
    ...acceptingHandler(),
    ...options,
  });
  toClose.push(() => server.close());
  const { host, layers } = options.endpoint ?? { host: '127.0.0.1', layers: PLAIN };
  return { server, log, endpoint: { host, port: server.port, layers } };
}

/** A client that is closed after the test. */
export async function client(
  endpoint: Endpoint,
  options: Partial<ClientOptions> = {},
): Promise<RpcClient> {
  const made = await RpcClient.connect({
    protocol: FLUME,
    endpoint,
    connectTimeout: 5000,
    maxCall: 1 << 20,
    clock: systemClock,
    ...options,
  });
  toClose.push(() => made.destroy());
  return made;
}

/** Where the server of a test listens. */
export function local(layers: Layers = PLAIN): Endpoint {
  return { host: '127.0.0.1', port: 0, layers };
}

/** A bare socket; `sent` is what came over it, and `closed` resolves with all of it. */
export class Peer {
  readonly socket: Socket;
  readonly closed: Promise<Buffer>;
  #sent: Buffer[] = [];
  #waiting: (() => void)[] = [];

  constructor({ host, port }: Pick<Endpoint, 'host' | 'port'>) {
    this.socket = connect({ host, port, noDelay: true });
    toClose.push(() => this.socket.destroy());
    // A server that drops a connection may do so with a reset.
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      this.#sent.push(chunk);
      for (const look of this.#waiting) look();
    });
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => resolve(this.sent));
    });
  }

  get sent(): Buffer {
    return Buffer.concat(this.#sent);
  }

  /** Resolves when so many bytes came. */
  received(length: number): Promise<Buffer> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.sent.length >= length) resolve(this.sent);
      };
      this.#waiting.push(look);
      look();
    });
  }
}
