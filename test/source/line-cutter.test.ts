import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, Origin } from '../../src/core/batch.js';
import { createCutting } from '../../src/source/lines/cutting.js';
import { LineCutter } from '../../src/source/lines/line-cutter.js';

const origin: Origin = { name: 'test', added: () => {}, acknowledged: () => {} };

interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What each line must come out as, the plain way: everything in memory, split. */
function reference(text: string, maxLine: number): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  while (start < text.length) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at + 1;
    const line = text.slice(start, at < 0 ? end : at);
    pieces.push({ text: line.length > maxLine ? '<too long>' : line, start, end });
    start = end;
  }
  return pieces;
}

/** The lines of batches, each with the positions that the batch gives it. */
function pieces(batches: readonly Batch[]): Piece[] {
  return batches.flatMap((batch) => {
    if (batch.kind === 'too-long')
      return [{ text: '<too long>', start: batch.start, end: batch.end }];
    const text = Buffer.from(batch.bytes).toString('latin1');
    expect(batch.end - batch.start).toBe(text.length);
    const lines = reference(text, Number.POSITIVE_INFINITY);
    expect(batch.lines).toBe(lines.length);
    return lines.map((line) => ({
      text: line.text,
      start: line.start + batch.start,
      end: line.end + batch.start,
    }));
  });
}

interface Limits {
  readonly maxLine: number;
  readonly channelLines: number;
  readonly channelBytes: number;
}

/** Cuts `text` as it comes in chunks, and starts afresh from the resumption where told. */
function cut(text: string, chunk: number, limits: Limits, resumeEvery = Infinity): Batch[] {
  const cutting = createCutting(limits);
  const bytes = Buffer.from(text, 'latin1');
  const batches: Batch[] = [];
  let cutter = new LineCutter(origin, cutting);
  for (let turn = 1; cutter.readTo < bytes.length; turn += 1) {
    const from = cutter.readTo;
    const part = bytes.subarray(from, from + Math.min(chunk, cutter.room.length));
    cutter.room.set(part);
    batches.push(...cutter.filled(part.length));
    if (turn % resumeEvery === 0 && cutter.readTo < bytes.length) {
      const next = new LineCutter(origin, cutting, cutter.resumption);
      cutter.release();
      cutter = next;
    }
    // A resumed cutter reads an unfinished line again, in one go: else it would never end.
    if (turn % resumeEvery === 0) chunk = Math.max(chunk, limits.maxLine + 2);
  }
  batches.push(...cutter.end());
  expect(cutter.end()).toEqual([]);
  return batches;
}

const limits = { maxLine: 8, channelLines: 3, channelBytes: 20 };

describe('the line cutter', () => {
  it.each([1, 2, 3, 4, 5, 100])('gives the same lines from pieces of %d bytes', (chunk) => {
    const text = 'one\n\n\ntwo\r\n12345678\n123456789\n\0\xff\n1234567890123456789012345\nlast';
    expect(pieces(cut(text, chunk, limits))).toEqual(reference(text, limits.maxLine));
  });

  it('equals splitting in memory, for any text, limits, pieces and resumptions', () => {
    const text = fc
      .array(fc.constantFrom('\n', 'a', 'bc', '12345678', 'a longer line than any limit', '\r'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 6 }),
        (all, chunk, maxLine, channelLines, resumeEvery) => {
          const bounds = { maxLine, channelLines, channelBytes: maxLine + 1 + (chunk % 30) };
          for (const every of [resumeEvery, Infinity]) {
            const batches = cut(all, chunk, bounds, every);
            expect(pieces(batches)).toEqual(reference(all, maxLine));
            for (const batch of batches) expect(batch.lines).toBeLessThanOrEqual(channelLines);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('keeps the start of a line that is too long as the position until its end has come', () => {
    const cutter = new LineCutter(origin, createCutting(limits));
    const give = (text: string): Batch[] => {
      cutter.room.write(text, 'latin1');
      return cutter.filled(text.length);
    };
    give('ab\n');
    expect(give('123456789')).toEqual([]);
    expect(cutter.resumption).toEqual({ position: 3, scannedTo: 12 });
    expect(give('0')).toEqual([]);
    expect(cutter.resumption).toEqual({ position: 3, scannedTo: 13 });
    expect(pieces(give('\nx\n'))).toEqual([
      { text: '<too long>', start: 3, end: 14 },
      { text: 'x', start: 14, end: 16 },
    ]);
  });

  it('does not let a short batch hold a whole buffer', () => {
    const cutting = createCutting({ maxLine: 8, channelLines: 10, channelBytes: 1000 });
    const cutter = new LineCutter(origin, cutting);
    cutter.room.write('short\n');
    const [batch] = cutter.filled(6);
    expect(batch?.kind === 'lines' && batch.bytes.buffer.byteLength).toBe(6);
  });

  it('uses the buffers of acknowledged batches again', () => {
    const cutting = createCutting({ maxLine: 8, channelLines: 1000, channelBytes: 100 });
    const cutter = new LineCutter(origin, cutting);
    const buffers = new Set<ArrayBufferLike>();
    for (let round = 0; round < 50; round += 1) {
      cutter.room.fill('abc\n');
      const [batch] = cutter.filled(cutter.room.length);
      if (batch?.kind !== 'lines') throw new Error('no batch');
      buffers.add(batch.bytes.buffer);
      cutting.pool.release(batch.bytes);
    }
    expect(buffers.size).toBeLessThanOrEqual(2);
  });
});
