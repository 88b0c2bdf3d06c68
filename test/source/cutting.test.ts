import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bufferSize, createCutting } from '../../src/source/lines/cutting.js';
import { SharedBuffers } from '../support/shared-buffers.js';

const KIB = 1024;
const MIB = 1024 * KIB;

function readBytes(channelLines: number, channelBytes: number, maxLine = 1): number {
  const limits = { maxLine, channelLines, channelBytes };
  return createCutting(limits, new SharedBuffers(0, 0)).readBytes;
}

describe('what is read at once', () => {
  it.each([
    ['a MiB, by default', 100_000, 64 * MIB, MIB],
    ['not more than the channel holds', 100_000, 20_000, 20_000],
    ['not many more lines than the channel holds', 100, 64 * MIB, 12_800],
    ['not less than 4 KiB', 1, 2, 4 * KIB],
  ])('is %s', (_, channelLines, channelBytes, expected) => {
    expect(readBytes(channelLines, channelBytes)).toBe(expected);
  });

  it('fits a buffer, behind the beginning of a line of any length', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 2 ** 30 }), fc.constant(2 ** 16));
    fc.assert(
      fc.property(size, size, size, (maxLine, channelLines, channelBytes) => {
        const limits = { maxLine, channelLines, channelBytes };
        const cutting = createCutting(limits, new SharedBuffers(0, 0));
        expect(cutting.front).toBeGreaterThan(maxLine);
        expect(cutting.front % 64).toBe(0);
        const { front, readBytes, rangeBytes } = cutting;
        expect(bufferSize(limits)).toBe(Math.max(front + readBytes, rangeBytes));
      }),
    );
  });
});
