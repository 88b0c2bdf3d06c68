/**
 * The buffers that sources read into. A buffer goes out with a batch and comes back when the batch
 * is acknowledged, so their number follows the channel's capacity and not the input.
 */
export class BufferPool {
  readonly size: number;
  readonly #free: Buffer[] = [];
  readonly #keep: number;

  /** Buffers of `size` bytes; at most `keep` of them wait for their next use. */
  constructor(size: number, keep: number) {
    this.size = size;
    this.#keep = keep;
  }

  acquire(): Buffer {
    // Not `Buffer.alloc`: what is handed on is always overwritten first.
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(this.size);
  }

  /** Takes back a buffer of its own, by any view of it; other memory is left to the collector. */
  release(view: Uint8Array): void {
    if (view.buffer.byteLength !== this.size || this.#free.length >= this.#keep) return;
    this.#free.push(Buffer.from(view.buffer, 0, this.size));
  }
}
