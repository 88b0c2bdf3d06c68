/** An Avro server: takes connections, and gives the calls that come over them to a handler. */
import type { Server, Socket } from 'node:net';
import type { Clock } from '../../core/clock.js';
import { type Endpoint, placeOf } from '../../core/endpoint.js';
import type { Logger } from '../../core/logger.js';
import { MemoryBudget } from '../netty/memory-budget.js';
import { MessageMemory } from '../netty/message-memory.js';
import { DropNotices } from '../transport/drop-notices.js';
import { explain } from '../transport/explanation.js';
import { accept, listen } from '../transport/listen.js';
import { readServerTlsFiles } from '../transport/tls-files.js';
import { TlsServer } from '../transport/tls-server.js';
import { Handshakes } from './handshake.js';
import type { Protocol } from './protocols.js';
import { type Handler, ServerConnection, type ServerWorks } from './server-connection.js';

export type { Call } from './server-connection.js';

export interface ServerOptions extends Handler {
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  /** Bytes of one call at most. */
  readonly maxCall: number;
  readonly maxConnections: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** All unanswered calls together may hold so many bytes at least. */
const LEAST_BUDGET = 64 * 1024 * 1024;
/** How long calls that run may take to end after `stop`. */
const GRACE = 5000;
/** How long TLS may take to come about. */
const TLS_PATIENCE = 60_000;

export class RpcServer {
  readonly #options: ServerOptions;
  readonly #tls: TlsServer | undefined;
  readonly #works: ServerWorks;
  readonly #notices: DropNotices;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new Set<ServerConnection>();
  #server: Server | undefined;
  #closed: Promise<void> | undefined;

  private constructor(options: ServerOptions) {
    const { protocol, maxCall, clock, log, endpoint } = options;
    this.#options = options;
    const { tls } = endpoint.layers;
    this.#tls = tls && new TlsServer(readServerTlsFiles(tls));
    this.#notices = new DropNotices(clock, log);
    this.#works = {
      protocol,
      maxCall,
      clock,
      log,
      handler: options,
      handshakes: new Handshakes(protocol),
      budget: new MemoryBudget(Math.max(LEAST_BUDGET, 2 * maxCall)),
      memories: new MessageMemory(),
      notices: this.#notices,
    };
  }

  /**
   * Throws a `LogwinError` (`source-unusable`) where the port cannot be had, or a file of certificates
   * cannot be used.
   */
  static async listen(options: ServerOptions): Promise<RpcServer> {
    const server = new RpcServer(options);
    server.#server = await listen(
      options.endpoint,
      (socket) => server.#connected(socket),
      (error) => server.#notices.dropped('unknown:0', explain(error)),
    );
    return server;
  }

  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /**
   * Takes no new connections and calls. Resolves when the calls that run are answered, or after five
   * seconds; then all connections are closed.
   */
  async stop(): Promise<void> {
    void this.#listenNoMore();
    const answered = Promise.all([...this.#connections].map((connection) => connection.stop()));
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.after(GRACE, resolve);
      void answered.then(() => {
        timer.cancel();
        resolve();
      });
    });
    await this.close();
  }

  /** Closes all connections at once. */
  async close(): Promise<void> {
    const closed = this.#listenNoMore();
    this.#notices.close();
    // The server is closed before the last sockets have said that they are.
    const gone = [...this.#sockets].map(
      (socket) => new Promise<void>((resolve) => socket.once('close', resolve)),
    );
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([closed, ...gone]);
  }

  /** Resolves when the last connection is gone too. */
  #listenNoMore(): Promise<void> {
    this.#closed ??= new Promise((resolve) => {
      if (this.#server === undefined) resolve();
      else this.#server.close(() => resolve());
    });
    return this.#closed;
  }

  #connected(socket: Socket): void {
    const peer = peerOf(socket);
    // What fails is told by the layer above, or it is the end of the connection and no more.
    socket.on('error', () => {});
    if (this.#closed !== undefined) {
      socket.destroy();
      return;
    }
    if (this.#sockets.size >= this.#options.maxConnections) {
      socket.destroy();
      this.#notices.dropped(peer, `there are ${this.#sockets.size} connections already`);
      return;
    }
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    this.#secure(socket, peer);
  }

  #secure(socket: Socket, peer: string): void {
    const { clock, endpoint } = this.#options;
    const timer = clock.after(TLS_PATIENCE, () => fail(new Error('TLS did not come about')));
    const fail = (error: Error): void => {
      timer.cancel();
      this.#notices.dropped(peer, explain(error));
      socket.destroy();
    };
    socket.on('close', () => timer.cancel());
    accept(
      socket,
      endpoint.layers,
      this.#tls,
      (stream) => {
        timer.cancel();
        const connection = new ServerConnection(this.#works, stream, peer);
        this.#connections.add(connection);
        stream.on('close', () => {
          this.#connections.delete(connection);
          socket.destroy();
        });
      },
      fail,
    );
  }
}

/** As in messages; an IPv4 address that came over IPv6 is written as such. */
function peerOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return placeOf({ host: remoteAddress.replace(/^::ffff:(?=\d+\.)/, ''), port: remotePort });
}
