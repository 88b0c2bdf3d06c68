/**
 * One run of a delivering sink: keeps chunks under way. Where one fails, no more are sent until all that
 * are under way have come to their end; after a while those that did not arrive go again, oldest first.
 */

import { Backoff } from '../../core/backoff.js';
import type { Clock, Timer } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';
import type { EventSink } from '../../core/stages.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import { isExpected } from '../../wire/expected-error.js';
import type { Chunk } from './chunk.js';
import { Outbox } from './outbox.js';

/** Milliseconds between two attempts. */
const LEAST_BACKOFF = 100;
const MOST_BACKOFF = 5000;

export interface DeliveryRunOptions {
  readonly batch: number;
  readonly linger: number;
  readonly inFlight: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxLine: number;
  /** Rejects where the events may not have arrived; says why in the log, unless it is a bug. */
  deliver(events: EncodedEvents): Promise<void>;
}

export class DeliveryRun {
  /** Resolves when the outlet has ended and all has arrived, or after `stop`. Rejects where there is a bug. */
  readonly over: Promise<void>;
  readonly #options: DeliveryRunOptions;
  readonly #outbox: Outbox;
  readonly #backoff = new Backoff(LEAST_BACKOFF, MOST_BACKOFF);
  #end: () => void = () => {};
  #break: (error: unknown) => void = () => {};
  #underWay = 0;
  #undelivered: Chunk[] = [];
  #timer: Timer | undefined;
  #isOver = false;

  constructor(options: DeliveryRunOptions, ...[outlet, delivered]: Parameters<EventSink['run']>) {
    this.#options = options;
    this.over = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#break = reject;
    });
    this.#outbox = new Outbox(options, {
      outlet,
      delivered,
      changed: () => this.#advance(),
      broken: (error) => this.#stop(() => this.#break(error)),
    });
    this.#advance();
  }

  stop(): void {
    this.#stop(this.#end);
  }

  #stop(settle: () => void): void {
    this.#isOver = true;
    this.#timer?.cancel();
    this.#outbox.close();
    settle();
  }

  #advance(): void {
    const { batch, inFlight } = this.#options;
    if (this.#isOver || this.#timer !== undefined || this.#undelivered.length > 0) return;
    if (this.#outbox.isDone) {
      this.stop();
      return;
    }
    while (this.#underWay < inFlight) {
      const chunk = this.#outbox.next(batch);
      if (chunk === undefined) return;
      this.#underWay += 1;
      this.#send(chunk).catch((error) => this.#stop(() => this.#break(error)));
    }
    // While the far end works on those, so that the next one can go as soon as it answers.
    this.#outbox.prepare(batch);
  }

  async #send(chunk: Chunk): Promise<void> {
    const hasArrived = await this.#options.deliver(chunk.events).then(
      () => true,
      (error: unknown) => {
        // Of what is expected, who delivers has said why.
        if (isExpected(error)) return false;
        throw error;
      },
    );
    this.#underWay -= 1;
    if (this.#isOver) return;
    if (hasArrived) this.#arrived(chunk);
    else this.#undelivered.push(chunk);
    if (this.#undelivered.length === 0) this.#advance();
    else if (this.#underWay === 0) this.#retry();
  }

  #arrived(chunk: Chunk): void {
    this.#backoff.worked();
    this.#outbox.done(chunk);
  }

  #retry(): void {
    this.#outbox.putBack(this.#undelivered);
    this.#undelivered = [];
    this.#timer = this.#options.clock.after(this.#backoff.failed(), () => {
      this.#timer = undefined;
      this.#advance();
    });
  }
}
