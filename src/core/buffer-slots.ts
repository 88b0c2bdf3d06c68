/**
 * The buffers that sources read into, as slots of one or more memories. A memory belongs to a thread,
 * so whoever gets a slot has chosen who will parse what is read into it: the thread that has the most
 * slots free, which is the one that is least behind.
 */
import type { Buffers } from './buffers.js';

/** Slots of one memory. */
export interface Slots {
  readonly memory: ArrayBufferLike;
  /** Where each begins. */
  readonly offsets: readonly number[];
  /** Whether there is somebody to parse what is read into them. */
  isReady(): boolean;
}

interface Group {
  readonly slots: Slots;
  readonly free: number[];
}

export class BufferSlots implements Buffers {
  readonly size: number;
  readonly #groups: Group[] = [];
  readonly #waiting: ((buffer: Buffer) => void)[] = [];
  readonly #onShortage: () => void;

  /** `onShortage` is told each time that a buffer is asked for and none is free. */
  constructor(size: number, onShortage: () => void = () => {}) {
    this.size = size;
    this.#onShortage = onShortage;
  }

  add(slots: Slots): void {
    this.#groups.push({ slots, free: [...slots.offsets] });
  }

  tryAcquire(): Buffer | undefined {
    let best: Group | undefined;
    for (const group of this.#groups) {
      if (group.free.length > (best?.free.length ?? 0) && group.slots.isReady()) best = group;
    }
    const buffer = best && this.#takeFrom(best);
    if (buffer === undefined) this.#onShortage();
    return buffer;
  }

  /** A free buffer of this memory. */
  tryAcquireOf(slots: Slots): Buffer | undefined {
    const group = this.#groups.find((each) => each.slots === slots);
    return group && this.#takeFrom(group);
  }

  acquire(): Promise<Buffer> {
    const buffer = this.#waiting.length === 0 ? this.tryAcquire() : undefined;
    if (buffer !== undefined) return Promise.resolve(buffer);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  release(view: Uint8Array): void {
    const group = this.#groups.find(({ slots }) => slots.memory === view.buffer);
    const offset = group?.slots.offsets.findLast((start) => start <= view.byteOffset);
    if (group === undefined || offset === undefined) return;
    group.free.push(offset);
    this.serve();
  }

  #takeFrom({ slots, free }: Group): Buffer | undefined {
    const offset = free.pop();
    return offset === undefined ? undefined : Buffer.from(slots.memory, offset, this.size);
  }

  /** Gives what is free to who waits: to be called when a memory becomes ready. */
  serve(): void {
    while (this.#waiting.length > 0) {
      const buffer = this.tryAcquire();
      if (buffer === undefined) return;
      this.#waiting.shift()?.(buffer);
    }
  }
}
