/** Lines that wait to be written: first in first out, and bounded, since nobody may be reading. */
export class LineQueue {
  readonly #capacity: number;
  #lines: string[] = [];
  #bytes = 0;
  #dropped = 0;

  /** `capacity` is in bytes of UTF-8. */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** Adds a line, without its line end. What is over the capacity is dropped and counted. */
  push(line: string): void {
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#bytes + bytes > this.#capacity) {
      this.#dropped += 1;
      return;
    }
    this.#lines.push(line);
    this.#bytes += bytes;
  }

  /** Takes all lines, each with its line end. */
  take(): string {
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    this.#bytes = 0;
    return text;
  }

  /** How many were dropped since this was last asked. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }
}
