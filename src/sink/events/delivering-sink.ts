/** The sink that takes events to a far end, or to one of several, until they have arrived: at least once. */
import type { Batch } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import type { DeliveringSinkConfig } from '../../core/forward-config.js';
import type { Logger } from '../../core/logger.js';
import type { BoundedOutlet, EventSink } from '../../core/stages.js';
import type { Delivery } from './delivery.js';
import { DeliveryRun } from './delivery-run.js';
import { Peers } from './peers.js';

interface Around {
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxLine: number;
}

export class DeliveringSink implements EventSink {
  readonly name: string;
  readonly #config: DeliveringSinkConfig;
  readonly #around: Around;
  readonly #peers: Peers;
  #run: DeliveryRun | undefined;
  #isStopped = false;

  /** `deliveries` are those of the configuration, in its order. */
  constructor(config: DeliveringSinkConfig, deliveries: readonly Delivery[], around: Around) {
    this.name = config.name;
    this.#config = config;
    this.#around = around;
    this.#peers = new Peers(deliveries, { sink: config.name, policy: config.policy, ...around });
  }

  get unanswered(): number {
    return this.#peers.unanswered;
  }

  open(): Promise<void> {
    return this.#peers.open();
  }

  async run(
    outlet: BoundedOutlet,
    delivered: (batch: Batch, events: number) => void,
  ): Promise<void> {
    if (this.#isStopped) return;
    const { batch, linger, inFlight } = this.#config;
    const deliver: Peers['deliver'] = (events) => this.#peers.deliver(events);
    const options = { batch, linger, inFlight, deliver, ...this.#around };
    this.#run = new DeliveryRun(options, outlet, delivered);
    await this.#run.over;
  }

  stop(): void {
    this.#isStopped = true;
    this.#run?.stop();
  }

  close(): Promise<void> {
    this.stop();
    return this.#peers.close();
  }
}
