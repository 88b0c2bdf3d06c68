/** Says that deliveries fail and that they work again: once each, and a reminder a minute in between. */
import type { Clock } from '../../core/clock.js';
import { messageOf } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';

/** Milliseconds between two messages. */
const PERIOD = 60_000;
/** Characters of a reason. The far end may have written it, and exceptions tell long stories. */
const MOST_REASON = 500;

interface TroubleOptions {
  /** Names of the sink, and of where it delivers. */
  readonly sink: string;
  readonly peer: string;
  /** There is no other that could stand in for it. */
  readonly isAlone: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

export class TroubleNotice {
  readonly #options: TroubleOptions;
  /** Attempts since it last worked; each was a chunk that had to be sent again. */
  #failures = 0;
  #hasWorked = false;
  #since = 0;
  #said = 0;

  constructor(options: TroubleOptions) {
    this.#options = options;
  }

  failed(error: unknown): void {
    const { sink, peer, isAlone, clock, log } = this.#options;
    const now = clock.monotonic();
    const reason = messageOf(error).slice(0, MOST_REASON);
    this.#failures += 1;
    if (this.#failures === 1) {
      this.#since = now;
      this.#said = now;
      const message = isAlone
        ? 'Events cannot be delivered; they are sent again until they arrive.'
        : 'Events cannot be delivered here; another takes its place, if there is one that works.';
      log.warn(message, { sink, peer, reason });
    } else if (now - this.#said >= PERIOD) {
      this.#said = now;
      log.warn('Events still cannot be delivered.', {
        sink,
        peer,
        reason,
        failures: this.#failures,
        seconds: this.#seconds(),
      });
    }
  }

  worked(): void {
    if (this.#failures === 0 && this.#hasWorked) return;
    const { sink, peer, log } = this.#options;
    this.#hasWorked = true;
    if (this.#failures === 0) {
      log.info('Events are delivered.', { sink, peer });
      return;
    }
    log.info('Events are delivered again.', {
      sink,
      peer,
      failures: this.#failures,
      seconds: this.#seconds(),
    });
    this.#failures = 0;
  }

  #seconds(): number {
    return Math.round((this.#options.clock.monotonic() - this.#since) / 1000);
  }
}
