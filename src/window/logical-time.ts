/**
 * Time that never goes back. It follows the wall clock forward; when that is set back, it goes on by
 * the monotonic clock until the wall clock has caught up.
 *
 * It is the monotonic clock plus an offset. The true offset of the wall clock is known only within
 * bounds, since the two clocks cannot be read at once and the wall clock is read in whole
 * milliseconds. A reading of the wall clock between two of the monotonic one gives both bounds, so
 * that a process that was held up between the readings does not look like a clock that was set.
 */
import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/logger.js';

/** Milliseconds. What the clocks differ by less than this is drift, and no jump. */
const TOLERANCE = 50;
/** The wall clock is read in whole milliseconds, rounded down. */
const GRANULARITY = 1;
/** Of the time that passes, how much is given up to let a slow wall clock catch up. */
const EASING = 0.1;

export class LogicalTime {
  readonly #clock: Clock;
  readonly #log: Logger;
  /** Logical time minus monotonic time. */
  #offset: number;
  /** How much of its lead over the wall clock the log knows of. */
  #warned = 0;
  #monotonic: number;
  #now: number;
  #awake: number;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
    const wall = clock.wall();
    this.#monotonic = clock.monotonic();
    this.#offset = wall - this.#monotonic;
    this.#now = this.#awake = wall;
  }

  /** Milliseconds since the epoch, fractional, as of the last call of `advance`. */
  get now(): number {
    return this.#now;
  }

  /**
   * Up to this moment the process could have been awake; from here to `now` the last call of
   * `advance` jumped: the wall clock was set forward, or the machine slept.
   */
  get awake(): number {
    return this.#awake;
  }

  /** How long ago the clocks were read, in milliseconds. */
  get age(): number {
    return this.#clock.monotonic() - this.#monotonic;
  }

  /**
   * Goes on from `moment`, until which an earlier run came, where that is later than now: the wall
   * clock was set back between them.
   */
  resume(moment: number): void {
    this.advance();
    if (moment <= this.#now) return;
    this.#offset += moment - this.#now;
    this.#now = this.#awake = moment;
  }

  /** Reads the clocks. Warns once when the wall clock was set back. */
  advance(): void {
    const before = this.#clock.monotonic();
    const wall = this.#clock.wall();
    const monotonic = this.#clock.monotonic();
    this.#noticeSetBack(wall - before + GRANULARITY, monotonic - this.#monotonic);
    const passed = this.#offset + monotonic;
    const jump = wall - monotonic - this.#offset;
    if (jump > 0) this.#offset = wall - monotonic;
    this.#monotonic = monotonic;
    const last = this.#now;
    this.#now = Math.max(last, this.#offset + monotonic);
    this.#awake = jump > TOLERANCE ? Math.max(last, passed) : this.#now;
  }

  /** `most` is what the wall clock's offset can be at most. */
  #noticeSetBack(most: number, elapsed: number): void {
    const ahead = Math.max(0, this.#offset - most);
    this.#warned = Math.min(this.#warned, ahead);
    if (ahead <= TOLERANCE) {
      this.#offset -= Math.min(ahead, elapsed * EASING);
    } else if (ahead - this.#warned > TOLERANCE) {
      this.#log.warn('The clock was set back; time goes on from where it was.', {
        milliseconds: Math.round(ahead - this.#warned),
      });
      this.#warned = ahead;
    }
  }
}
