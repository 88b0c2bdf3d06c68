import type { Clock, Timer } from '../../core/clock.js';

/** How long the far end may stand still within a message, or take nothing of what is sent. */
const LONGEST = 60_000;
/** Fewer bytes than these in all that time are no progress: a byte now and then would hold memory for ever. */
const LEAST_PROGRESS = 64 * 1024;

const REASONS = {
  reading: 'it stopped, or nearly, in the middle of a message',
  writing: 'it does not take its answers',
} as const;

export type Direction = keyof typeof REASONS;

/**
 * Ends connections that stand still. A timer is not made for each message: it looks, when it fires,
 * whether there is something to wait for still and since when.
 */
export class StallGuard {
  readonly #clock: Clock;
  readonly #over: (reason: string) => void;
  readonly #since: Record<Direction, number> = { reading: 0, writing: 0 };
  readonly #expected: Record<Direction, boolean> = { reading: false, writing: false };
  /** Bytes of a message that came since the last progress. */
  #came = 0;
  #timer: Timer | undefined;
  #ended = false;

  constructor(clock: Clock, over: (reason: string) => void) {
    this.#clock = clock;
    this.#over = over;
  }

  /** So many bytes of a message came. */
  came(bytes: number): void {
    this.#came += bytes;
    if (this.#came >= LEAST_PROGRESS) this.moved('reading');
  }

  /** Messages went this way, or much of one. */
  moved(direction: Direction): void {
    if (direction === 'reading') this.#came = 0;
    this.#since[direction] = this.#clock.monotonic();
  }

  /** More bytes should go this way, or need not. */
  expects(direction: Direction, expected: boolean): void {
    if (expected && !this.#expected[direction]) this.moved(direction);
    this.#expected[direction] = expected;
    if (expected && !this.#ended) this.#timer ??= this.#clock.after(LONGEST, () => this.#look());
  }

  end(): void {
    this.#ended = true;
    this.#timer?.cancel();
  }

  #look(): void {
    this.#timer = undefined;
    const now = this.#clock.monotonic();
    let soonest = Number.POSITIVE_INFINITY;
    for (const direction of ['reading', 'writing'] as const) {
      if (!this.#expected[direction]) continue;
      const left = this.#since[direction] + LONGEST - now;
      if (left <= 1) {
        this.#over(REASONS[direction]);
        return;
      }
      soonest = Math.min(soonest, left);
    }
    if (soonest < LONGEST + 1) this.#timer = this.#clock.after(soonest, () => this.#look());
  }
}
