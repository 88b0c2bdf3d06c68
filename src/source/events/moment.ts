/** Something that comes once, at a time that others wait for. What comes later than the first is ignored. */
export class Moment<T> {
  readonly whenCome: Promise<T>;
  #hasCome = false;
  #resolve: (value: T) => void = () => {};
  #reject: (reason: unknown) => void = () => {};

  constructor() {
    this.whenCome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whether somebody waits is for whoever made it to see to.
    this.whenCome.catch(() => {});
  }

  get hasCome(): boolean {
    return this.#hasCome;
  }

  come(value: T): void {
    this.#hasCome = true;
    this.#resolve(value);
  }

  fail(reason: unknown): void {
    this.#hasCome = true;
    this.#reject(reason);
  }
}
