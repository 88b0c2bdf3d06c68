/** Says that lines were too long to be sent: the first at once, then how many there were, once a minute. */
import type { OverlongLine } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';

/** Milliseconds between two messages. */
const PERIOD = 60_000;

interface Around {
  readonly clock: Clock;
  readonly log: Logger;
}

export class OverlongNotice {
  readonly #around: Around;
  #unsaid = 0;
  #last: OverlongLine | undefined;
  #quietUntil = Number.NEGATIVE_INFINITY;

  constructor(around: Around) {
    this.#around = around;
  }

  look(line: OverlongLine): void {
    this.#unsaid += 1;
    this.#last = line;
    if (this.#around.clock.monotonic() >= this.#quietUntil) this.flush();
  }

  /** Says what is not said yet. */
  flush(): void {
    const { clock, log } = this.#around;
    if (this.#last === undefined || this.#unsaid === 0) return;
    const { origin, start, end } = this.#last;
    log.warn('Lines are longer than the limit and are not sent.', {
      lines: this.#unsaid,
      file: origin.name,
      byte: start,
      bytes: end - start,
    });
    this.#unsaid = 0;
    this.#quietUntil = clock.monotonic() + PERIOD;
  }
}
