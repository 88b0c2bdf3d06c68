/** A connection to an Avro source, and what is under way on it. */
import type { AvroDeliveryOptions } from '../../core/forward-config.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import type { RpcClient } from '../../wire/avro/rpc-client.js';
import { decodeStatus, encodeAppendBatch } from '../../wire/avro/values.js';
import { ConnectionError } from '../../wire/connection-error.js';

/** The far end says that it does not have them. */
export class RefusedError extends ConnectionError {
  constructor(status: string) {
    super(
      `the far end answered ${status}: it has no room, or takes fewer events at once (--batch)`,
    );
  }
}

export class AvroConnection {
  /** By the monotonic clock. */
  readonly since: number;
  readonly #client: RpcClient;
  readonly #options: AvroDeliveryOptions;
  #underWay = 0;
  #hasAnswered = false;
  #takesMore = true;

  constructor(client: RpcClient, options: AvroDeliveryOptions, since: number) {
    this.#client = client;
    this.#options = options;
    this.since = since;
    void client.closed.then(() => {
      this.#takesMore = false;
    });
  }

  /** More can be sent; else it is gone, or goes when what is under way is answered. */
  get takesMore(): boolean {
    return this.#takesMore;
  }

  /** Rejects, and drops the connection, unless the far end says that it has them all. */
  async send(events: EncodedEvents): Promise<void> {
    const { connectTimeout, requestTimeout } = this.#options;
    // The handshake travels with the first call.
    const timeout = this.#hasAnswered ? requestTimeout : connectTimeout;
    this.#underWay += 1;
    try {
      const answer = await this.#client.call('appendBatch', encodeAppendBatch(events), timeout);
      this.#hasAnswered = true;
      const status = decodeStatus(answer);
      if (status !== 'OK') throw new RefusedError(status);
    } catch (error) {
      this.destroy();
      throw error;
    } finally {
      this.#underWay -= 1;
      if (!this.#takesMore) this.retire();
    }
  }

  /** Nothing more is sent on it; it goes when what is under way is answered. */
  retire(): void {
    this.#takesMore = false;
    if (this.#underWay === 0) this.#client.destroy();
  }

  /** What is under way rejects. */
  destroy(): void {
    this.#takesMore = false;
    this.#client.destroy();
  }
}
