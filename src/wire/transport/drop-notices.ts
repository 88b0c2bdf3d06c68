import type { Clock, Timer } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';

const MINUTE = 60_000;
/** Lines about one address in a minute, and addresses in a minute. */
const MOST_LINES = 5;
const MOST_ADDRESSES = 20;

interface Tally {
  dropped: number;
  lastReason: string;
}

/**
 * Says of each connection that is dropped which it was and why; but of one address a few times a minute
 * only, and then how many more there were, so that a scanner does not fill the log.
 */
export class DropNotices {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #tallies = new Map<string, Tally>();
  #timer: Timer | undefined;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
  }

  /** `peer` is an address and a port, `reason` a clause. */
  dropped(peer: string, reason: string): void {
    const tally = this.#tallyOf(peer.slice(0, peer.lastIndexOf(':')));
    tally.dropped += 1;
    tally.lastReason = reason;
    if (tally.dropped <= MOST_LINES) this.#log.warn('A connection was dropped', { peer, reason });
    this.#timer ??= this.#clock.after(MINUTE, () => this.#summarise());
  }

  /** Says what is left to say. */
  close(): void {
    this.#timer?.cancel();
    this.#summarise();
  }

  #tallyOf(address: string): Tally {
    const known = this.#tallies.get(address);
    if (known !== undefined) return known;
    const name = this.#tallies.size < MOST_ADDRESSES ? address : 'other addresses';
    const tally = this.#tallies.get(name) ?? { dropped: 0, lastReason: '' };
    this.#tallies.set(name, tally);
    return tally;
  }

  #summarise(): void {
    this.#timer = undefined;
    for (const [peer, { dropped, lastReason }] of this.#tallies) {
      if (dropped <= MOST_LINES) continue;
      const more = dropped - MOST_LINES;
      this.#log.warn('More connections were dropped', { peer, more, lastReason });
    }
    this.#tallies.clear();
  }
}
