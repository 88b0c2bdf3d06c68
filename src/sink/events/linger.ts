/** How long less than a whole chunk waits for more. */
import type { Clock, Timer } from '../../core/clock.js';

/** Milliseconds after which it is looked for the first time whether the waiting is in vain. */
const FIRST_LOOK = 1;

interface LingerOptions {
  /** Milliseconds. */
  readonly linger: number;
  readonly clock: Clock;
  /** No more can come before something of what is here has arrived. */
  isInVain(): boolean;
  /** It is over, or in vain. */
  over(): void;
}

export class Linger {
  readonly #options: LingerOptions;
  #timer: Timer | undefined;
  #since = 0;
  #isOver = false;

  constructor(options: LingerOptions) {
    this.#options = options;
  }

  /** It waited long enough. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Where it has begun, it goes on. */
  begin(): void {
    if (this.#timer !== undefined) return;
    this.#since = this.#options.clock.monotonic();
    this.#wait();
  }

  /** Whether the waiting is in vain may have changed. */
  look(): void {
    if (this.#timer !== undefined && this.#options.isInVain()) this.#options.over();
  }

  /** What waited has gone. */
  end(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#isOver = false;
  }

  /**
   * Nobody says when the waiting becomes vain, so that is looked for: each time after as long as it has
   * waited by then, so that few looks are enough and none comes much too late.
   */
  #wait(): void {
    const { linger, clock, over } = this.#options;
    const waited = clock.monotonic() - this.#since;
    const left = linger - waited;
    const next = Math.max(FIRST_LOOK, waited);
    this.#timer = clock.after(Math.min(next, left), () => {
      this.#isOver = left <= next;
      if (this.#isOver) return over();
      this.#wait();
      this.look();
    });
  }
}
