/**
 * Memory of messages, used again and again: to get new memory for each, and to have it collected, takes
 * longer than to read a message.
 */

/** Pieces that are kept, and how long each may be: what is longer is rare. */
const MOST_KEPT = 4;
const LONGEST_KEPT = 1024 * 1024;

export class MessageMemory {
  readonly #free: Uint8Array[] = [];

  /** Of `size` bytes, or somewhat more. What it holds means nothing. */
  take(size: number): Uint8Array {
    const kept = this.#free.pop();
    // One that does not fit goes, so that those that are kept follow what comes.
    const fits = kept !== undefined && kept.length >= size && kept.length <= 1.5 * size;
    return fits ? kept : Buffer.allocUnsafeSlow(size);
  }

  /** Takes back all of what `view` is a view of; nobody may look at it any more. */
  give({ buffer }: Uint8Array): void {
    if (buffer.byteLength > LONGEST_KEPT || this.#free.length >= MOST_KEPT) return;
    this.#free.push(new Uint8Array(buffer));
  }
}
