/** Something that one loop waits for and others raise; raised twice before the wait counts once. */
import type { Clock } from '../../core/clock.js';

export class Signal {
  #raised = false;
  #resume: (() => void) | undefined;

  raise(): void {
    this.#raised = true;
    this.#resume?.();
  }

  /** Resolves once it was raised since the last wait. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#resume = () => {
        this.#raised = false;
        this.#resume = undefined;
        resolve();
      };
      if (this.#raised) this.#resume();
    });
  }

  /** The same, but for at most `delay` milliseconds. */
  async waitFor(clock: Clock, delay: number): Promise<void> {
    const timer = clock.after(delay, () => this.raise());
    await this.wait();
    timer.cancel();
  }
}
