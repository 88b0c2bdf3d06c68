import type { Clock, Timer } from '../../src/core/clock.js';

interface Pending {
  readonly at: number;
  readonly order: number;
  readonly callback: () => void;
}

/**
 * A clock that only a test moves. The wall clock and the monotonic clock go together in `advance`
 * and `stall`, and apart in `setWall`, `shiftWall` and `suspend`. Timers follow the monotonic clock;
 * those due at the same moment fire in the order in which they were made.
 */
export class FakeClock implements Clock {
  /** Timers made from now on fire this many milliseconds early, unless they are shorter than that. */
  early = 0;
  /** Timers made from now on fire this many milliseconds late. */
  late = 0;
  #wall: number;
  #monotonic: number;
  #made = 0;
  readonly #pending = new Set<Pending>();

  constructor(wall = 1_800_000_000_000, monotonic = 5_000) {
    this.#wall = wall;
    this.#monotonic = monotonic;
  }

  /** Whole milliseconds, like `Date.now()`. */
  wall(): number {
    return Math.floor(this.#wall);
  }

  monotonic(): number {
    return this.#monotonic;
  }

  after(delay: number, callback: () => void): Timer {
    const early = delay > this.early ? this.early : 0;
    const at = this.#monotonic + Math.max(0, delay) - early + this.late;
    const timer = { at, order: this.#made++, callback };
    this.#pending.add(timer);
    return { cancel: () => this.#pending.delete(timer) };
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#pending.size;
  }

  /**
   * Time passes: both clocks go on by `elapsed` milliseconds, and each timer fires when they stand
   * at its moment (what a `stall` left over: at once). A timer made on the way fires too where it
   * falls due.
   */
  advance(elapsed: number): void {
    const end = this.#monotonic + elapsed;
    for (let timer = this.#first(end); timer !== undefined; timer = this.#first(end)) {
      this.stall(Math.max(0, timer.at - this.#monotonic));
      this.#pending.delete(timer);
      timer.callback();
    }
    this.stall(Math.max(0, end - this.#monotonic));
  }

  /** The process is busy or stopped: both clocks go on, and no timer fires until the next `advance`. */
  stall(elapsed: number): void {
    this.#wall += elapsed;
    this.#monotonic += elapsed;
  }

  /** The machine sleeps: only the wall clock goes on. */
  suspend(elapsed: number): void {
    this.#wall += elapsed;
  }

  /** Somebody sets the wall clock, in milliseconds since the epoch. */
  setWall(wall: number): void {
    this.#wall = wall;
  }

  /** Somebody sets the wall clock forward, or back where `shift` is negative. */
  shiftWall(shift: number): void {
    this.#wall += shift;
  }

  #first(end: number): Pending | undefined {
    let first: Pending | undefined;
    for (const timer of this.#pending) {
      if (timer.at > end) continue;
      const earlier = first === undefined || timer.at < first.at;
      if (earlier || (timer.at === first?.at && timer.order < first.order)) first = timer;
    }
    return first;
  }
}
