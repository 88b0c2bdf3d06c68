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

interface CuttingLimits {
  readonly maxLine: number;
  readonly channelLines: number;
  readonly channelBytes: number;
}

/**
 * One buffer of blank lines makes many batches where a batch is to hold few: not many more than this
 * many bytes are read for each line that the channel holds.
 */
const BYTES_PER_LINE = 64;

/** Batches always fit the channel; a buffer always has room for the longest line and its end. */
export function createCutting(limits: CuttingLimits): Cutting {
  const { maxLine, channelBytes, channelLines } = limits;
  const usual = Math.min(BATCH_BYTES, channelBytes, BYTES_PER_LINE * channelLines);
  const size = Math.max(maxLine + 1, usual);
  const keep = Math.ceil(channelBytes / size);
  return {
    maxLine,
    batchLines: channelLines,
    pool: new BufferPool(size, keep),
  };
}

/** Gives the memory of a batch that was added back. */
export function releaseBatch(cutting: Cutting, batch: Batch): void {
  if (batchBytes(batch) > 0 && batch.kind === 'lines') cutting.pool.release(batch.bytes);
}
