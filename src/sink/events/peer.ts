/** A delivery among others: whether it is set aside because it failed, and until when. */

import { Backoff } from '../../core/backoff.js';
import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import { isExpected } from '../../wire/expected-error.js';
import type { Delivery } from './delivery.js';
import { TroubleNotice } from './trouble-notice.js';

/** Milliseconds that it is set aside for after its first failure. */
const LEAST_PENALTY = 1000;

export interface PeerOptions {
  /** The sink's name. */
  readonly sink: string;
  /** Milliseconds; 0 is never set aside. */
  readonly mostPenalty: number;
  /** There is no other that could stand in for it. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Peer {
  readonly delivery: Delivery;
  readonly #clock: Clock;
  readonly #penalty: Backoff;
  readonly #notice: TroubleNotice;
  #asideUntil = Number.NEGATIVE_INFINITY;
  /** How often it was set aside. */
  #penalties = 0;
  #isClosed = false;

  constructor(delivery: Delivery, options: PeerOptions) {
    this.delivery = delivery;
    this.#clock = options.clock;
    this.#penalty = new Backoff(LEAST_PENALTY, options.mostPenalty);
    this.#notice = new TroubleNotice({ ...options, peer: delivery.peer });
  }

  /** Milliseconds until it may be asked again; not above 0 where it may be now. */
  get aside(): number {
    return this.#asideUntil - this.#clock.monotonic();
  }

  async deliver(events: EncodedEvents): Promise<void> {
    const penalties = this.#penalties;
    try {
      await this.delivery.deliver(events);
    } catch (error) {
      if (!this.#isClosed && isExpected(error)) this.#failed(error, penalties);
      throw error;
    }
    this.#asideUntil = Number.NEGATIVE_INFINITY;
    this.#penalty.worked();
    this.#notice.worked();
  }

  close(): Promise<void> {
    this.#isClosed = true;
    return this.delivery.close();
  }

  #failed(error: unknown, penalties: number): void {
    this.#notice.failed(error);
    // Several that were under way together failed for one reason.
    if (this.#penalties !== penalties) return;
    this.#penalties += 1;
    this.#asideUntil = this.#clock.monotonic() + this.#penalty.failed();
  }
}
