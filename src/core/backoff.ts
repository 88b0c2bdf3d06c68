/** How long to wait after a failure: twice as long after each, until something worked. */
export class Backoff {
  readonly #least: number;
  readonly #most: number;
  #next: number;

  /** Milliseconds. */
  constructor(least: number, most: number) {
    this.#least = Math.min(least, most);
    this.#most = most;
    this.#next = this.#least;
  }

  /** It failed once more: wait for so long. */
  failed(): number {
    const delay = this.#next;
    this.#next = Math.min(2 * delay, this.#most);
    return delay;
  }

  worked(): void {
    this.#next = this.#least;
  }
}
