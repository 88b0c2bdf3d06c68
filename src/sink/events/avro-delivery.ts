/**
 * An Avro source: Flume's, Spark's push receiver, or another logwin. One connection, made when there is
 * something to send, and made anew after anything that went wrong, as Flume's sink does it.
 */
import type { Clock } from '../../core/clock.js';
import { placeOf } from '../../core/endpoint.js';
import type { AvroDeliveryOptions } from '../../core/forward-config.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import { FLUME } from '../../wire/avro/protocols.js';
import { RpcClient } from '../../wire/avro/rpc-client.js';
import { ConnectionError } from '../../wire/connection-error.js';
import { readTlsFiles } from '../../wire/transport/tls-files.js';
import { AvroConnection, RefusedError } from './avro-connection.js';
import type { Delivery } from './delivery.js';

/** Bytes. An answer is a status, or the text of an exception. */
const MOST_ANSWER = 1024 * 1024;

export class AvroDelivery implements Delivery {
  readonly peer: string;
  readonly #options: AvroDeliveryOptions;
  readonly #clock: Clock;
  #unanswered = 0;
  #connection: AvroConnection | undefined;
  /** Also those on which something is under way still. */
  readonly #open = new Set<AvroConnection>();
  #connecting: Promise<AvroConnection> | undefined;
  readonly #closing = new AbortController();

  constructor(options: AvroDeliveryOptions, clock: Clock) {
    this.peer = placeOf(options);
    this.#options = options;
    this.#clock = clock;
  }

  /** The far end may come later; certificates of ours that cannot be used will not get better. */
  async open(): Promise<void> {
    const { tls } = this.#options.layers;
    if (tls !== undefined) readTlsFiles(tls);
  }

  async deliver(events: EncodedEvents): Promise<void> {
    const connection = this.#usable() ?? (await this.#connect());
    try {
      await connection.send(events);
    } catch (error) {
      if (!(error instanceof RefusedError)) this.#unanswered += events.count;
      throw error;
    }
  }

  get unanswered(): number {
    return this.#unanswered;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    for (const connection of this.#open) connection.destroy();
  }

  /** The connection that there is. One that went while nothing was under way is made anew unsaid. */
  #usable(): AvroConnection | undefined {
    const { renewAfter } = this.#options;
    const connection = this.#connection;
    if (!connection?.takesMore) return undefined;
    if (renewAfter === 0 || this.#clock.monotonic() - connection.since < renewAfter) {
      return connection;
    }
    connection.retire();
    return undefined;
  }

  /** All that wait for a connection wait for the same. */
  #connect(): Promise<AvroConnection> {
    this.#connecting ??= this.#begin().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #begin(): Promise<AvroConnection> {
    const { signal } = this.#closing;
    if (signal.aborted) throw new ConnectionError('The sink was closed.');
    const client = await RpcClient.connect({
      protocol: FLUME,
      endpoint: this.#options,
      connectTimeout: this.#options.connectTimeout,
      maxCall: MOST_ANSWER,
      clock: this.#clock,
      signal,
    });
    const connection = new AvroConnection(client, this.#options, this.#clock.monotonic());
    this.#open.add(connection);
    void client.closed.then(() => this.#open.delete(connection));
    if (signal.aborted) connection.destroy();
    else this.#connection = connection;
    return connection;
  }
}
