/** Memory of chunks that have arrived, for those that come: so sending makes no work for the collector. */

/** Bytes of a new one; it is made longer by who writes into it. */
const FIRST_BYTES = 64 * 1024;
/** Bytes that are kept, at most. */
const MOST_BYTES = 8 * 1024 * 1024;

export class SpareMemory {
  readonly #spares: Uint8Array[] = [];
  #bytes = 0;

  acquire(): Uint8Array {
    const spare = this.#spares.pop();
    if (spare === undefined) return new Uint8Array(FIRST_BYTES);
    this.#bytes -= spare.length;
    return spare;
  }

  release(memory: Uint8Array): void {
    if (this.#bytes + memory.length > MOST_BYTES) return;
    this.#spares.push(memory);
    this.#bytes += memory.length;
  }
}
