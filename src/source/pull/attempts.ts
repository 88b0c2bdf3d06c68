/** How often a far end is tried that is away, and what is said of it: once that it is, once that it is back. */
import { Backoff } from '../../core/backoff.js';
import type { Clock, Timer } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';

/** Milliseconds from one attempt to the next: doubled at each that fails, up to the most. */
const FIRST_DELAY = 500;
const MOST_DELAY = 10_000;
/** Who has nothing to give does not answer. After so long of that it is there. */
const SILENCE = 1000;

interface AttemptSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
}

export class Attempts {
  readonly #from: string;
  readonly #around: AttemptSurroundings;
  readonly #stopping: AbortSignal;
  readonly #backoff = new Backoff(FIRST_DELAY, MOST_DELAY);
  #state: 'new' | 'there' | 'away' = 'new';
  #silence: Timer | undefined;

  /** `from` is for messages. Nobody waits any more, and nothing is said, once `stopping` has come. */
  constructor(from: string, around: AttemptSurroundings, stopping: AbortSignal) {
    this.#from = from;
    this.#around = around;
    this.#stopping = stopping;
  }

  /** There is a connection; whether it is good for anything is not known yet. */
  connected(): void {
    this.#silence = this.#around.clock.after(SILENCE, () => this.succeeded());
  }

  succeeded(): void {
    this.#silence?.cancel();
    this.#backoff.worked();
    if (this.#state === 'there' || this.#stopping.aborted) return;
    const message = this.#state === 'new' ? 'Events are pulled.' : 'Events are pulled again.';
    this.#around.log.info(message, { from: this.#from });
    this.#state = 'there';
  }

  /** Resolves when it is time for the next attempt. */
  async failed(reason: string): Promise<void> {
    this.#silence?.cancel();
    if (this.#stopping.aborted) return;
    const fields = { from: this.#from, reason };
    if (this.#state === 'away') this.#around.log.debug('Events can still not be pulled.', fields);
    else
      this.#around.log.warn('Events cannot be pulled; it is tried again until they can.', fields);
    this.#state = 'away';
    await pauseUnless(this.#stopping, this.#around.clock, this.#backoff.failed());
  }
}

/** Resolves after `delay` milliseconds, or as soon as `stopping` comes. */
export function pauseUnless(stopping: AbortSignal, clock: Clock, delay: number): Promise<void> {
  if (stopping.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      stopping.removeEventListener('abort', end);
      resolve();
    };
    const timer = clock.after(delay, end);
    stopping.addEventListener('abort', end);
  });
}
