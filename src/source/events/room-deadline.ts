/** For how long what waits for room is kept waiting. */
import type { Clock } from '../../core/clock.js';

export class RoomDeadline {
  readonly #clock: Clock;
  readonly #delay: number;
  readonly #withdrawals = new Set<AbortController>();
  #isEnded = false;

  /** `delay` in milliseconds. */
  constructor(clock: Clock, delay: number) {
    this.#clock = clock;
    this.#delay = delay;
  }

  /**
   * Does `work`, with a signal that comes when its time is over, when there is nobody left to
   * wait for, and when all is to end.
   */
  async during<T>(gone: AbortSignal, work: (withdrawal: AbortSignal) => Promise<T>): Promise<T> {
    const withdrawal = new AbortController();
    const withdraw = (): void => withdrawal.abort();
    const timer = this.#clock.after(this.#delay, withdraw);
    this.#withdrawals.add(withdrawal);
    gone.addEventListener('abort', withdraw, { once: true });
    if (gone.aborted || this.#isEnded) withdraw();
    try {
      return await work(withdrawal.signal);
    } finally {
      gone.removeEventListener('abort', withdraw);
      this.#withdrawals.delete(withdrawal);
      timer.cancel();
    }
  }

  /** Nobody is kept waiting from here on. */
  end(): void {
    this.#isEnded = true;
    for (const withdrawal of this.#withdrawals) withdrawal.abort();
  }
}
