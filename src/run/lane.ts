/** A channel and what empties it: the sinks of `forward` that take from it. */
import type { Batch } from '../core/batch.js';
import type { Channel, EventSink, Outlet } from '../core/stages.js';

export class Lane implements Outlet {
  readonly channel: Channel;
  readonly #sinks: readonly EventSink[];
  readonly #delivered: (batch: Batch) => void;
  /** What a sink has taken and not delivered. */
  readonly #held = new Set<Batch>();

  constructor(channel: Channel, sinks: readonly EventSink[], delivered: (batch: Batch) => void) {
    this.channel = channel;
    this.#sinks = sinks;
    this.#delivered = delivered;
  }

  async open(): Promise<void> {
    for (const sink of this.#sinks) await sink.open();
  }

  async take(): Promise<Batch | undefined> {
    const batch = await this.channel.take();
    if (batch !== undefined) this.#held.add(batch);
    return batch;
  }

  /** Resolves when the channel has ended and all of it is delivered, or after `stop`. */
  async run(): Promise<void> {
    await Promise.all(
      this.#sinks.map((sink) =>
        sink.run(this, (batch) => {
          this.#held.delete(batch);
          this.channel.acknowledge(batch);
          this.#delivered(batch);
        }),
      ),
    );
  }

  stop(): void {
    for (const sink of this.#sinks) sink.stop();
  }

  /**
   * Lets everything go that is in the channel and still comes, so that no source waits for room. After
   * `run`; resolves when the channel has ended.
   */
  async empty(discard: (batch: Batch) => void): Promise<void> {
    const drop = (batch: Batch): void => {
      this.channel.acknowledge(batch);
      discard(batch);
    };
    for (const batch of this.#held) drop(batch);
    this.#held.clear();
    for (let next = await this.channel.take(); next; next = await this.channel.take()) drop(next);
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.close()));
  }
}
