/** A server that takes lines of text, each of them an event, as Flume's netcat source. */
import { setMaxListeners } from 'node:events';
import type { Server, Socket } from 'node:net';
import type { LineBatch, Origin } from '../../core/batch.js';
import type { Clock, Timer } from '../../core/clock.js';
import type { NetcatOptions } from '../../core/config.js';
import { placeOf } from '../../core/endpoint.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Intake, Source } from '../../core/stages.js';
import { DropNotices } from '../../wire/transport/drop-notices.js';
import { listen } from '../../wire/transport/listen.js';
import { Moment } from '../events/moment.js';
import type { Cutting } from '../lines/cutting.js';
import { NetcatConnection } from './netcat-connection.js';

/** At a time; each holds a chunk of its stream and a line. */
const MOST_CONNECTIONS = 64;
/** The peer of a connection that could not be taken. */
const UNKNOWN = 'unknown:0';
/** How long what is under way at the end may take, in ms. */
const GRACE = 1000;

interface NetcatSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly cutting: Cutting;
}

export class NetcatSource implements Source, Origin {
  readonly name: string;
  readonly #options: NetcatOptions;
  readonly #around: NetcatSurroundings;
  readonly #notices: DropNotices;
  #server: Server | undefined;
  readonly #connections = new Map<NetcatConnection, Promise<void>>();
  /** What comes before is held back. Undefined where the run is stopped before it begins. */
  readonly #begun = new Moment<Intake | undefined>();
  readonly #ended = new Moment<void>();
  readonly #withdrawal = new AbortController();
  #grace: Timer | undefined;
  #position = 0;

  constructor(options: NetcatOptions, around: NetcatSurroundings) {
    this.name = `netcat://${placeOf(options)}`;
    this.#options = options;
    this.#around = around;
    this.#notices = new DropNotices(around.clock, around.log);
    // Every connection that waits for room listens.
    setMaxListeners(0, this.#withdrawal.signal);
  }

  /** The port that it listens at, once it is open. */
  get port(): number {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : this.#options.port;
  }

  /** The memory is the source's own, and left to the collector. */
  added(): void {}

  /** What came is not asked for again, so nothing waits for this. */
  acknowledged(): void {}

  /** After a restart nobody could tell where a line stood. */
  memo(): undefined {
    return undefined;
  }

  /** Listens from here on. */
  async open(): Promise<void> {
    this.#server = await listen(
      this.#options,
      (socket) => this.#accept(socket),
      (error) => this.#notices.dropped(UNKNOWN, messageOf(error)),
    );
    const place = placeOf({ host: this.#options.host, port: this.port });
    this.#around.log.info('Listening for lines.', { at: place });
  }

  async begin(): Promise<void> {}

  async run(intake: Intake): Promise<void> {
    this.#begun.come(intake);
    await this.#ended.whenCome;
    await Promise.all(this.#connections.values());
  }

  /** There is no end to it. */
  toRead(): undefined {
    return undefined;
  }

  stop(): void {
    this.#begun.come(undefined);
    this.#withdrawal.abort();
    this.#server?.close();
    for (const connection of this.#connections.keys()) connection.stop();
    this.#grace ??= this.#around.clock.after(GRACE, () => this.#destroyAll());
    this.#ended.come();
  }

  async retire(): Promise<void> {}

  async close(): Promise<{ readonly failed: number }> {
    this.#server?.close();
    this.#destroyAll();
    this.#grace?.cancel();
    this.#notices.close();
    return { failed: 0 };
  }

  #destroyAll(): void {
    for (const connection of this.#connections.keys()) connection.destroy();
  }

  #accept(socket: Socket): void {
    const { cutting } = this.#around;
    const { maxLine, acknowledge } = this.#options;
    const connection: NetcatConnection = new NetcatConnection(socket, {
      maxLine,
      acknowledge,
      readBytes: cutting.readBytes,
      take: (bytes) => this.#take(bytes, connection.peer),
    });
    if (this.#connections.size >= MOST_CONNECTIONS) {
      this.#notices.dropped(connection.peer, `there are ${MOST_CONNECTIONS} connections`);
      connection.destroy();
      return;
    }
    this.#connections.set(connection, this.#serve(connection));
  }

  async #serve(connection: NetcatConnection): Promise<void> {
    const { peer } = connection;
    try {
      const end = await connection.serve();
      if (end === 'line too long') this.#notices.dropped(peer, 'a line was too long');
    } catch (error) {
      // What the sender or the net did is theirs; a bug is to end the run.
      if (systemCode(error) === undefined) this.#ended.fail(error);
      this.#notices.dropped(peer, messageOf(error));
    } finally {
      this.#connections.delete(connection);
    }
  }

  /** Puts whole lines into the channel. Resolves to false where the run ends before there is room. */
  async #take(bytes: Uint8Array, peer: string): Promise<boolean> {
    const intake = await this.#begun.whenCome;
    const { signal } = this.#withdrawal;
    try {
      await intake?.put(this.#batchOf(bytes), signal);
      if (intake !== undefined) return true;
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const message = 'There was no room for lines when the run ended; they are left out.';
    this.#around.log.warn(message, { at: this.name, peer, bytes: bytes.length });
    return false;
  }

  #batchOf(bytes: Uint8Array): LineBatch {
    const start = this.#position;
    this.#position += bytes.length;
    return { kind: 'lines', origin: this, start, end: this.#position, bytes };
  }
}
