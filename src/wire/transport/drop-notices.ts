import type { Clock, Timer } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';

const MINUTE = 60_000;
/** Lines about one address in a minute, and addresses in a minute. */
const MOST_LINES = 5;
const MOST_ADDRESSES = 20;

interface Tally {
  readonly kind: Kind;
  /** An address. */
  readonly peer: string;
  told: number;
  lastReason: string;
}

const DROPPED = { one: 'A connection was dropped', more: 'More connections were dropped' } as const;
const FAILED = {
  one: 'A call was answered with an error',
  more: 'More calls were answered with errors',
} as const;
type Kind = typeof DROPPED | typeof FAILED;

/**
 * Says of each connection that is dropped which it was and why; but of one address a few times a minute
 * only, and then how many more there were, so that a scanner does not fill the log. The same of calls
 * that failed.
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
    this.#tell(DROPPED, peer, reason);
  }

  /** A call of that peer. */
  failed(peer: string, reason: string): void {
    this.#tell(FAILED, peer, reason);
  }

  /** Says what is left to say. */
  close(): void {
    this.#timer?.cancel();
    this.#summarise();
  }

  #tell(kind: Kind, peer: string, reason: string): void {
    const tally = this.#tallyOf(kind, peer.slice(0, peer.lastIndexOf(':')));
    tally.told += 1;
    tally.lastReason = reason;
    if (tally.told <= MOST_LINES) this.#log.warn(kind.one, { peer, reason });
    this.#timer ??= this.#clock.after(MINUTE, () => this.#summarise());
  }

  #tallyOf(kind: Kind, address: string): Tally {
    const known = this.#tallies.get(kind.one + address);
    if (known !== undefined) return known;
    const peer = this.#tallies.size < MOST_ADDRESSES ? address : 'other addresses';
    const fresh = { kind, peer, told: 0, lastReason: '' };
    const tally = this.#tallies.get(kind.one + peer) ?? fresh;
    this.#tallies.set(kind.one + peer, tally);
    return tally;
  }

  #summarise(): void {
    this.#timer = undefined;
    for (const { kind, peer, told, lastReason } of this.#tallies.values()) {
      if (told > MOST_LINES)
        this.#log.warn(kind.more, { peer, more: told - MOST_LINES, lastReason });
    }
    this.#tallies.clear();
  }
}
