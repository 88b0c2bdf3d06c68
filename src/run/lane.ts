/** A channel and what empties it: the sinks of `forward` that take from it. */
import type { Batch } from '../core/batch.js';
import type { BoundedOutlet, Channel, EventSink } from '../core/stages.js';

export class Lane implements BoundedOutlet {
  readonly channel: Channel;
  readonly #sinks: readonly EventSink[];
  readonly #delivered: (batch: Batch, events: number) => void;
  /** What a sink has taken and not delivered. */
  readonly #held = new Set<Batch>();
  /** From `empty` on. */
  #drop: ((batch: Batch) => void) | undefined;

  constructor(
    channel: Channel,
    sinks: readonly EventSink[],
    delivered: (batch: Batch, events: number) => void,
  ) {
    this.channel = channel;
    this.#sinks = sinks;
    this.#delivered = delivered;
  }

  get unanswered(): number {
    return this.#sinks.reduce((sum, { unanswered }) => sum + unanswered, 0);
  }

  async open(): Promise<void> {
    for (const sink of this.#sinks) await sink.open();
  }

  get isFull(): boolean {
    return this.channel.isFull;
  }

  async take(): Promise<Batch | undefined> {
    for (;;) {
      const batch = await this.channel.take();
      if (batch === undefined) return undefined;
      if (this.#drop === undefined) {
        this.#held.add(batch);
        return batch;
      }
      // Who asked was stopped meanwhile.
      this.#drop(batch);
    }
  }

  /** Resolves when the channel has ended and all of it is delivered, or after `stop`. */
  async run(): Promise<void> {
    await Promise.all(
      this.#sinks.map((sink) =>
        sink.run(this, (batch, events) => {
          this.#held.delete(batch);
          this.channel.acknowledge(batch);
          this.#delivered(batch, events);
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
    this.#drop = drop;
    for (const batch of this.#held) drop(batch);
    this.#held.clear();
    await this.take();
  }

  async close(): Promise<void> {
    await Promise.all(this.#sinks.map((sink) => sink.close()));
  }
}
