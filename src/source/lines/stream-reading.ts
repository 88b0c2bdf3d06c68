/**
 * From a stream to batches in the channel.
 *
 * A stream may be silent for hours, and twenty of them at a time, so it never holds a buffer that
 * others could read into: its batches have memory of their own.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Cutting, Deliver } from './cutting.js';
import { joinApart, type LineCutter } from './line-cutter.js';

interface StreamReading {
  readonly chunks: AsyncIterable<Buffer>;
  readonly cutter: LineCutter;
  readonly cutting: Cutting;
  readonly deliver: Deliver;
  readonly proceed: () => boolean;
  /** So many bytes at the beginning are left out. */
  readonly skip?: number;
}

/**
 * Reads a stream until it ends, or `proceed` says no: then it is left as if it had been closed.
 * Throws what reading throws.
 */
export async function readStream(reading: StreamReading): Promise<void> {
  const { chunks, cutter, cutting, deliver, proceed } = reading;
  let toSkip = reading.skip ?? 0;
  for await (const chunk of chunks) {
    if (!proceed()) return;
    const first = Math.min(toSkip, chunk.length);
    toSkip -= first;
    for (let at = first; at < chunk.length; at += cutting.readBytes) {
      const bytes = chunk.subarray(at, at + cutting.readBytes);
      for (const batch of cutter.cut(bytes, joinApart)) await deliver(batch);
    }
    // What comes in the meantime comes as one chunk.
    await nextTurn();
  }
}
