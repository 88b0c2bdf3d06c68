/** How the sources of one run cut what they read into batches: limits, and the buffers they share. */
import { type Batch, batchBytes } from '../../core/batch.js';
import { BufferPool } from './buffer-pool.js';

/**
 * Large enough that what a batch costs beside its lines does not count, small enough (a millisecond
 * or two of parsing) that a slide never waits long behind one.
 */
const BATCH_BYTES = 512 * 1024;

export interface Cutting {
  /** A longer line is given as `too-long`; the line end does not count. */
  readonly maxLine: number;
  /** The most lines of one batch. */
  readonly batchLines: number;
  readonly pool: BufferPool;
}

export interface CuttingLimits {
  readonly maxLine: number;
  readonly channelLines: number;
  readonly channelBytes: number;
}

/** Batches always fit the channel; a buffer always has room for the longest line and its end. */
export function createCutting(limits: CuttingLimits): Cutting {
  const size = Math.max(limits.maxLine + 1, Math.min(BATCH_BYTES, limits.channelBytes));
  const keep = Math.ceil(limits.channelBytes / size);
  return {
    maxLine: limits.maxLine,
    batchLines: limits.channelLines,
    pool: new BufferPool(size, keep),
  };
}

/** Gives the memory of an acknowledged batch back. */
export function releaseBatch(cutting: Cutting, batch: Batch): void {
  if (batchBytes(batch) > 0 && batch.kind === 'lines') cutting.pool.release(batch.bytes);
}
