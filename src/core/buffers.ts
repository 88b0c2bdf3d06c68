/**
 * The buffers that sources read into. They lie in the parser's memory, so that what was read is
 * parsed where it lies; there is a fixed number of them, whatever the input.
 */
export interface Buffers {
  /** The length of each, in bytes: room for the longest line with its end, and for a read. */
  readonly size: number;
  /** A free buffer, or undefined where all are out. What it holds means nothing. */
  tryAcquire(): Buffer | undefined;
  /**
   * Resolves to a free buffer, in the order of the calls. Who waits for one must hold none: else all
   * could wait for each other.
   */
  acquire(): Promise<Buffer>;
  /** Takes back a buffer, by any view of it. Other memory is left to the collector. */
  release(view: Uint8Array): void;
}
