/** The transactions of a pull server: who waits for a batch, who has one, and what becomes of it. */
import { setMaxListeners } from 'node:events';
import type { Batch } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import type { PullServerConfig } from '../../core/forward-config.js';
import type { Logger } from '../../core/logger.js';
import type { BoundedOutlet } from '../../core/stages.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import type { Chunk } from './chunk.js';
import { GivenBatches } from './given-batches.js';
import { Outbox } from './outbox.js';

/** Milliseconds that less than was asked for waits for more. (Spark's sink waits three seconds.) */
const LINGER = 20;
/** Calls that wait for a batch, at most: one that is not answered holds memory. */
export const MOST_WAITING = 1000;

const NO_EVENTS: EncodedEvents = { count: 0, bytes: new Uint8Array(0) };

/** Spark's `EventBatch`. */
export interface EventBatch {
  readonly error: string;
  readonly sequence: string;
  readonly events: EncodedEvents;
}

interface Waiter {
  readonly most: number;
  readonly connection: AbortSignal;
  readonly answer: (batch: EventBatch) => void;
  readonly disconnected: () => void;
}

interface Around {
  readonly clock: Clock;
  readonly log: Logger;
  readonly maxLine: number;
}

export class PullRun {
  readonly #config: PullServerConfig;
  readonly #around: Around;
  readonly #given: GivenBatches;
  /** In the order in which they came. */
  readonly #waiting = new Set<Waiter>();
  #outbox: Outbox | undefined;
  #end: () => void = () => {};
  #break: (error: unknown) => void = () => {};
  #isStopped = false;
  /** Events of batches whose time was over, or whose connection was gone. */
  givenAgain = 0;

  constructor(config: PullServerConfig, around: Around) {
    this.#config = config;
    this.#around = around;
    this.#given = new GivenBatches({
      timeout: config.timeout,
      clock: around.clock,
      lost: (chunk, reason) => this.#lost(chunk, reason),
    });
  }

  /** Resolves when the outlet has ended and all is acknowledged, or after `stop`. */
  begin(outlet: BoundedOutlet, delivered: (batch: Batch, events: number) => void): Promise<void> {
    if (this.#isStopped) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#break = reject;
      this.#outbox = new Outbox(
        { linger: LINGER, ...this.#around },
        {
          outlet,
          delivered,
          changed: () => this.#serve(),
          broken: (error) => this.#stop(() => this.#break(error)),
        },
      );
      this.#serve();
    });
  }

  /** Waits for events as long as there are none. `connection` is aborted when it is gone. */
  get(n: number, connection: AbortSignal): Promise<EventBatch> {
    if (this.#isStopped) return Promise.resolve(this.#stopped());
    if (n < 1) return Promise.resolve(failure('At least one event has to be asked for.'));
    if (this.#waiting.size >= MOST_WAITING) {
      return Promise.resolve(failure('Too many calls wait for events.'));
    }
    return new Promise((answer) => {
      const most = Math.min(n, this.#config.mostEvents);
      const disconnected = (): void => {
        this.#answer(waiter, failure('The connection is gone.'));
        // What is there may be enough for the next.
        this.#serve();
      };
      const waiter = { most, connection, answer, disconnected };
      this.#waiting.add(waiter);
      // There may be many calls of one connection; Node would warn of more than ten.
      setMaxListeners(0, connection);
      connection.addEventListener('abort', disconnected, { once: true });
      if (connection.aborted) disconnected();
      else this.#serve();
    });
  }

  /** It has arrived. A number that nobody waits for is late, doubled or made up, and means nothing. */
  ack(sequence: string): void {
    const chunk = this.#given.settle(sequence);
    if (chunk === undefined) return;
    this.#outbox?.done(chunk);
    this.#serve();
  }

  /** It has not, and is given again under another number. */
  nack(sequence: string): void {
    const chunk = this.#given.settle(sequence);
    if (chunk !== undefined) this.#giveAgain(chunk);
  }

  /** Who waits is told so. */
  stop(): void {
    this.#stop(this.#end);
  }

  #stop(settle: () => void): void {
    this.#isStopped = true;
    this.#outbox?.close();
    this.#given.close();
    for (const waiter of this.#waiting) this.#answer(waiter, this.#stopped());
    settle();
  }

  #serve(): void {
    const outbox = this.#outbox;
    if (outbox === undefined || this.#isStopped) return;
    if (outbox.isDone) this.#finish();
    for (const waiter of this.#waiting) {
      if (this.#given.size >= this.#config.unacknowledged) return;
      const chunk = outbox.next(waiter.most);
      if (chunk === undefined) return;
      const sequence = this.#given.give(chunk, waiter.connection);
      this.#answer(waiter, { error: '', sequence, events: chunk.events });
    }
  }

  /** Who waits goes on waiting, until there is a stop. */
  #finish(): void {
    this.#outbox?.close();
    this.#end();
  }

  #answer(waiter: Waiter, batch: EventBatch): void {
    this.#waiting.delete(waiter);
    waiter.connection.removeEventListener('abort', waiter.disconnected);
    waiter.answer(batch);
  }

  #lost(chunk: Chunk, reason: 'timeout' | 'disconnected'): void {
    this.givenAgain += chunk.events.count;
    this.#around.log.warn('A batch was not acknowledged and is given again.', {
      sink: this.#config.name,
      events: chunk.events.count,
      reason,
    });
    this.#giveAgain(chunk);
  }

  #giveAgain(chunk: Chunk): void {
    this.#outbox?.putBack([chunk]);
    this.#serve();
  }

  #stopped(): EventBatch {
    return failure(`The sink ${this.#config.name} has been stopped.`);
  }
}

function failure(error: string): EventBatch {
  return { error, sequence: '', events: NO_EVENTS };
}
