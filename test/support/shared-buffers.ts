/** Buffers in shared memory, as the parser's are, that say what is wrong with how they are used. */
import type { Buffers } from '../../src/core/buffers.js';

const SPOILT = 128 * 1024;

export class SharedBuffers implements Buffers {
  readonly size: number;
  readonly count: number;
  /** Called when somebody has to wait for a buffer, or would have to if there were none. */
  onAcquire: () => void = () => {};
  readonly #memory: SharedArrayBuffer;
  readonly #free: number[];
  readonly #waiting: ((buffer: Buffer) => void)[] = [];

  constructor(size: number, count: number) {
    this.size = size;
    this.count = count;
    this.#memory = new SharedArrayBuffer(size * count);
    this.#free = Array.from({ length: count }, (_, index) => index);
  }

  /** How many are in. */
  get free(): number {
    return this.#free.length;
  }

  owns(view: Uint8Array): boolean {
    return view.buffer === this.#memory;
  }

  tryAcquire(): Buffer | undefined {
    const index = this.#free.shift();
    return index === undefined ? undefined : this.#buffer(index);
  }

  acquire(): Promise<Buffer> {
    this.onAcquire();
    const buffer = this.tryAcquire();
    if (buffer !== undefined) return Promise.resolve(buffer);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  release(view: Uint8Array): void {
    if (!this.owns(view)) return;
    const index = Math.floor(view.byteOffset / this.size);
    if (this.#free.includes(index)) throw new Error(`buffer ${index} is released twice`);
    const buffer = this.#buffer(index);
    // Whoever still looks at it shall see that it is not his any more. (All of it would take long.)
    buffer.fill('?', 0, Math.min(this.size, SPOILT));
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(index);
    else next(buffer);
  }

  #buffer(index: number): Buffer {
    return Buffer.from(this.#memory, index * this.size, this.size);
  }
}
