/**
 * The slide boundaries, multiples of the slide since the epoch, as logical time passes them: none
 * twice, none missed, and each before anything that happens after it.
 */
import type { Clock, Timer } from '../core/clock.js';
import type { Logger } from '../core/logger.js';
import { LogicalTime } from './logical-time.js';

/** Milliseconds. A timer does not see that the wall clock is set forward, so none waits longer. */
const LONGEST_WAIT = 1000;
/** Milliseconds that missed boundaries may take before the event loop gets its turn again. */
const LONGEST_CATCH_UP = 1000;

const JUMPED = 'The clock jumped forward; one snapshot stands for what it skipped.';
const TOO_SLOW = 'Snapshots take longer than the slide; one stands for several.';

interface BoundariesOptions {
  /** Milliseconds. */
  readonly slide: number;
  readonly clock: Clock;
  readonly log: Logger;
  /**
   * Given each boundary while running; of those that were jumped over, or passed while not running,
   * only the last. `next` is then already the boundary after it. It may call `stop`.
   */
  readonly onBoundary: (boundary: number) => void;
}

export class Boundaries {
  readonly #options: BoundariesOptions;
  readonly #time: LogicalTime;
  #next: number;
  #timer: Timer | undefined;
  #isRunning = false;
  #isPassing = false;

  constructor(options: BoundariesOptions) {
    this.#options = options;
    this.#time = new LogicalTime(options.clock, options.log);
    this.#next = this.#firstAfterNow();
  }

  /** Logical time, in fractional milliseconds since the epoch, as of the last look at the clock. */
  get now(): number {
    return this.#time.now;
  }

  /** The first boundary that has not passed. */
  get next(): number {
    return this.#next;
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Goes on from `moment`, where that is later than now. Only before anything else. */
  resume(moment: number): void {
    this.#time.resume(moment);
    this.#next = this.#firstAfterNow();
  }

  /** Looks at the clock on its own from here on. The first boundary comes strictly after now. */
  start(): void {
    this.#advance(this.#dueByNow);
    this.#isRunning = true;
    this.#arm();
  }

  stop(): void {
    this.#isRunning = false;
    this.#timer?.cancel();
  }

  /**
   * Looks at the clock and lets the boundaries before now pass. A boundary that is exactly now does
   * not: what happens at that moment still belongs to the window that ends there.
   */
  advance(): void {
    this.#advance(this.#dueBefore);
  }

  #firstAfterNow(): number {
    const { slide } = this.#options;
    return Math.floor(this.now / slide) * slide + slide;
  }

  #arm(): void {
    this.#timer?.cancel();
    // What was done at the boundary before has taken its time.
    const wait = Math.max(0, Math.ceil(this.#next - this.now - this.#time.age));
    this.#timer = this.#options.clock.after(Math.min(wait, LONGEST_WAIT), () => this.#tick());
  }

  /** A timer that fired early finds nothing due, and only is armed again. */
  #tick(): void {
    this.#advance(this.#dueByNow);
    if (this.#isRunning) this.#arm();
  }

  #advance(countDue: (moment: number) => number): void {
    if (this.#isPassing) return;
    this.#isPassing = true;
    try {
      this.#time.advance();
      if (this.#isRunning) this.#passEach(countDue(this.#time.awake));
      this.#passAtOnce(countDue(this.now), JUMPED);
    } finally {
      this.#isPassing = false;
    }
  }

  /** As many as there is time for: whoever is late and takes long would only get later. */
  #passEach(due: number): void {
    let left = due;
    while (left > 0 && this.#isRunning && this.#time.age <= LONGEST_CATCH_UP) {
      this.#pass();
      left--;
    }
    if (this.#isRunning) this.#passAtOnce(left, TOO_SLOW);
  }

  #passAtOnce(due: number, reason: string): void {
    if (due <= 0) return;
    if (this.#isRunning) this.#options.log.info(reason, { boundaries: due });
    this.#next += (due - 1) * this.#options.slide;
    this.#pass();
  }

  #pass(): void {
    const boundary = this.#next;
    this.#next += this.#options.slide;
    this.#options.onBoundary(boundary);
  }

  readonly #dueBefore = (moment: number) => Math.ceil((moment - this.#next) / this.#options.slide);

  readonly #dueByNow = (moment: number) =>
    Math.floor((moment - this.#next) / this.#options.slide) + 1;
}
