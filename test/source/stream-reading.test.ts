import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, Origin } from '../../src/core/batch.js';
import type { Cutting } from '../../src/source/lines/cutting.js';
import { LineCutter } from '../../src/source/lines/line-cutter.js';
import { readStream } from '../../src/source/lines/stream-reading.js';
import { SharedBuffers } from '../support/shared-buffers.js';
import { type Piece, piecesOf, split } from './pieces.js';

const origin: Origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

/** A stream has no use for buffers: there are none, and asking for one is a mistake. */
function cuttingOf(maxLine: number, readBytes: number): Cutting {
  const buffers = new SharedBuffers(maxLine + readBytes, 0);
  buffers.onAcquire = () => {
    throw new Error('a stream holds a buffer');
  };
  return { maxLine, readBytes, rangeBytes: readBytes, front: maxLine, buffers };
}

/** The memory of a chunk is its stream's, which may use it again. */
async function* inChunks(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length];
    const chunk = Buffer.from(bytes.subarray(at, at + length));
    yield chunk;
    chunk.fill('?');
    at += length;
  }
}

describe('reading a stream', () => {
  it('gives each line once, in batches of bounded length, whatever the chunks', async () => {
    const text = fc
      .array(fc.constantFrom('\n', 'a', 'bc', 'some words', 'a longer line than any limit', '\r'))
      .map((parts) => parts.join(''));
    const course = fc.record({
      lengths: fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
      maxLine: fc.integer({ min: 1, max: 12 }),
      readBytes: fc.integer({ min: 1, max: 30 }),
      skip: fc.nat({ max: 60 }),
      chunks: fc.oneof(fc.constant(Infinity), fc.nat({ max: 5 })),
    });
    await fc.assert(
      fc.asyncProperty(text, course, async (all, how) => {
        const { lengths, maxLine, readBytes } = how;
        let chunks = how.chunks;
        const cutting = cuttingOf(maxLine, readBytes);
        const skip = all.lastIndexOf('\n', how.skip) + 1;
        const cutter = new LineCutter(origin, maxLine, { position: skip, scannedTo: skip });
        const batches: Batch[] = [];
        const deliver = async (batch: Batch): Promise<void> => {
          batches.push(batch);
          if (batch.kind === 'lines') {
            expect(batch.bytes.length).toBeLessThanOrEqual(maxLine + readBytes);
            expect(batch.bytes.buffer.byteLength).toBe(batch.bytes.length);
          }
        };
        await readStream({
          chunks: inChunks(Buffer.from(all, 'latin1'), lengths),
          cutter,
          cutting,
          deliver,
          proceed: () => chunks-- > 0,
          skip,
        });
        // It stops before the next chunk, and nowhere else.
        let end = how.chunks === Infinity ? all.length : 0;
        for (let chunk = 0; chunk < how.chunks && end < all.length; chunk += 1)
          end += lengths[chunk % lengths.length];
        expect(cutter.readTo).toBe(Math.max(skip, Math.min(end, all.length)));
        batches.push(...cutter.end());
        const given: Piece[] = batches.flatMap((batch) => piecesOf(batch, maxLine));
        expect(given).toEqual(split(all.slice(skip, cutter.readTo), maxLine, skip));
      }),
      { numRuns: 500 },
    );
  });
});
