/** How the sources of one run cut what they read into batches: limits, and the buffers they share. */
import { type Batch, LINE_BYTES } from '../../core/batch.js';
import type { Buffers } from '../../core/buffers.js';

/**
 * What is read at once, at most. Large enough that what a read and a batch cost beside their bytes
 * does not count, small enough that a slide never waits long behind one.
 */
const READ_BYTES = 1024 * 1024;
/** The same where nobody waits for a slide: fewer batches cost less. */
const RANGE_BYTES = 2 * READ_BYTES;
const LEAST_READ_BYTES = 4 * 1024;

/** Reads go to multiples of this within a buffer: a line of the processor's cache. */
const ALIGNMENT = 64;

export interface Cutting {
  /** A longer line is rejected; the line end does not count. */
  readonly maxLine: number;
  /** What is read at once, at most. No batch is longer than this and an unfinished line together. */
  readonly readBytes: number;
  /** The most bytes of a range that is read where it is parsed. */
  readonly rangeBytes: number;
  /** Where in a buffer reads go. What is before it is for the beginning of the first line. */
  readonly front: number;
  readonly buffers: Buffers;
}

export interface CuttingLimits {
  readonly maxLine: number;
  readonly channelLines: number;
  readonly channelBytes: number;
}

/** Takes the batches that reading gives; the reader goes on once it resolves. */
export type Deliver = (batch: Batch) => Promise<void>;

/** How long each of the buffers has to be for {@link createCutting}; no batch is longer. In bytes. */
export function bufferSize(limits: CuttingLimits): number {
  return Math.max(frontBytes(limits) + readBytes(limits), rangeBytes(limits));
}

/** `buffers` are of {@link bufferSize}, or longer. */
export function createCutting(limits: CuttingLimits, buffers: Buffers): Cutting {
  return {
    maxLine: limits.maxLine,
    readBytes: readBytes(limits),
    rangeBytes: rangeBytes(limits),
    front: frontBytes(limits),
    buffers,
  };
}

/** Gives the memory of a batch that was added back. */
export function releaseBatch(cutting: Cutting, batch: Batch): void {
  if (batch.kind === 'lines') cutting.buffers.release(batch.bytes);
}

function frontBytes({ maxLine }: CuttingLimits): number {
  return Math.ceil((maxLine + 1) / ALIGNMENT) * ALIGNMENT;
}

function rangeBytes({ channelLines, channelBytes }: CuttingLimits): number {
  return atMost(RANGE_BYTES, channelLines, channelBytes);
}

function readBytes({ channelLines, channelBytes }: CuttingLimits): number {
  return atMost(READ_BYTES, channelLines, channelBytes);
}

function atMost(most: number, channelLines: number, channelBytes: number): number {
  return Math.max(LEAST_READ_BYTES, Math.min(most, channelBytes, LINE_BYTES * channelLines));
}
