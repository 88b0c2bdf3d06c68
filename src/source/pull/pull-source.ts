/**
 * Pulls events from a SparkSink: asks for a batch, puts it, and acknowledges it once it is taken. What is
 * not acknowledged the far end gives again, so an end at any moment loses nothing.
 */
import type { Timer } from '../../core/clock.js';
import type { PullOptions } from '../../core/config.js';
import { placeOf } from '../../core/endpoint.js';
import { messageOf } from '../../core/errors.js';
import type { Intake, Source } from '../../core/stages.js';
import { SPARK } from '../../wire/avro/protocols.js';
import { RpcClient } from '../../wire/avro/rpc-client.js';
import { isExpected } from '../../wire/expected-error.js';
import { readTlsFiles } from '../../wire/transport/tls-files.js';
import { EventEntry } from '../events/event-entry.js';
import type { EventSurroundings } from '../events/event-surroundings.js';
import { Moment } from '../events/moment.js';
import { Attempts } from './attempts.js';
import { pullBatch } from './pull-batch.js';

/** Milliseconds, as Flume's own clients have. */
const CONNECT_TIMEOUT = 20_000;
/** Bytes of an answer at most. How many there are is decided by the events that are asked for. */
const MOST_ANSWER = 256 * 1024 * 1024;
/** How long, after the run was asked to end, a batch that went in may take to be acknowledged. */
const LAST_ANSWERS = 5000;

export class PullSource implements Source {
  readonly name: string;
  readonly #options: PullOptions;
  readonly #around: EventSurroundings;
  readonly #entry: EventEntry;
  readonly #attempts: Attempts;
  readonly #stop = new AbortController();
  readonly #ended = new Moment<void>();
  #client: RpcClient | undefined;
  /** Until the run ends without its last answers. */
  #lastAnswers: Timer | undefined;
  /** A batch was given that is neither acknowledged nor given back. */
  #holdsBatch = false;

  constructor(options: PullOptions, around: EventSurroundings) {
    this.name = `flume+pull://${placeOf(options)}`;
    this.#options = options;
    this.#around = around;
    this.#entry = new EventEntry({ ...around, name: this.name, ack: options.ack });
    this.#attempts = new Attempts(placeOf(options), around, this.#stop.signal);
  }

  /** The far end may come later; what is ours has to be there. */
  async open(): Promise<void> {
    const { tls } = this.#options.layers;
    if (tls !== undefined) readTlsFiles(tls);
  }

  async begin(): Promise<void> {
    this.#entry.begin();
  }

  async run(intake: Intake): Promise<void> {
    await Promise.race([this.#pullAlways(intake), this.#ended.whenCome]);
    this.#lastAnswers?.cancel();
    this.#client?.destroy();
  }

  toRead(): undefined {
    return undefined;
  }

  /** Asking may take for ever; a batch that was given is brought to its end, as far as that is soon. */
  stop(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    if (this.#holdsBatch) {
      this.#lastAnswers = this.#around.clock.after(LAST_ANSWERS, () => this.#ended.come());
    } else {
      this.#ended.come();
    }
  }

  async retire(): Promise<void> {}

  async close(): Promise<{ readonly failed: number }> {
    this.#lastAnswers?.cancel();
    this.#client?.destroy();
    return { failed: 0 };
  }

  /** Rejects with a bug of ours only. */
  async #pullAlways(intake: Intake): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#pullFrom(await this.#connect(), intake);
      } catch (error) {
        if (!isExpected(error)) throw error;
        this.#holdsBatch = false;
        this.#client?.destroy();
        await this.#attempts.failed(messageOf(error));
      }
    }
  }

  async #connect(): Promise<RpcClient> {
    const client = await RpcClient.connect({
      protocol: SPARK,
      endpoint: this.#options,
      connectTimeout: CONNECT_TIMEOUT,
      maxCall: MOST_ANSWER,
      clock: this.#around.clock,
      signal: this.#stop.signal,
    });
    this.#client = client;
    if (this.#stop.signal.aborted) client.destroy();
    else this.#attempts.connected();
    return client;
  }

  async #pullFrom(client: RpcClient, intake: Intake): Promise<void> {
    const { signal } = this.#stop;
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    void client.closed.then(leave);
    signal.addEventListener('abort', leave);
    const pull = { ...this.#pulling(client, intake), gone: gone.signal };
    try {
      while (!signal.aborted) {
        await pullBatch(pull);
        this.#holdsBatch = false;
      }
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  #pulling(client: RpcClient, intake: Intake) {
    const { clock, log } = this.#around;
    const given = (): void => {
      this.#holdsBatch = true;
      this.#attempts.succeeded();
    };
    const from = placeOf(this.#options);
    const entry = this.#entry;
    return { client, intake, entry, most: this.#options.batch, from, clock, log, given };
  }
}
