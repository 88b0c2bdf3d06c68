/** From a regular file to batches in the channel. */
import type { Batch } from '../../core/batch.js';
import type { Cutting, Deliver } from './cutting.js';
import { joinApart, joinInPlace, type LineCutter } from './line-cutter.js';
import { type Piece, ReadAhead, type ReadAt } from './read-ahead.js';

interface FileReading {
  readonly readAt: ReadAt;
  readonly cutter: LineCutter;
  readonly cutting: Cutting;
  /** Reading ends here at the latest. */
  readonly limit: number;
  readonly deliver: Deliver;
  readonly proceed: () => boolean;
  /** Called after each piece, when its batches are delivered. */
  readonly progress?: () => void;
}

/**
 * Reads a regular file from where the cutter stands up to its end or the limit, or until `proceed`
 * says no. Throws what reading throws, once what was before that is delivered. When it is done, in
 * whatever way, no read is under way.
 */
export async function readPieces(reading: FileReading): Promise<void> {
  const { readAt, cutter, cutting, limit, deliver, proceed, progress } = reading;
  const ahead = new ReadAhead(readAt, cutting, cutter.readTo, limit);
  try {
    while (cutter.readTo < limit && proceed()) {
      const piece = await ahead.next();
      if (piece === undefined) return;
      for (const batch of cutPiece(piece, cutter, cutting)) await deliver(batch);
      progress?.();
    }
  } finally {
    await ahead.drop();
  }
}

/**
 * A batch that fills most of what can be read at once takes the buffer with it. Smaller ones are
 * copied: else a few short files would hold all the buffers.
 */
function cutPiece({ buffer, bytes }: Piece, cutter: LineCutter, cutting: Cutting): Batch[] {
  let leaves = false;
  const batches = cutter.cut(bytes, (begun, rest) => {
    leaves = 2 * (begun.length + rest.length) > cutting.readBytes;
    return leaves ? joinInPlace(begun, rest) : joinApart(begun, rest);
  });
  if (!leaves) cutting.buffers.release(buffer);
  return batches;
}
