import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Batch, Origin } from '../../src/core/batch.js';
import { joinApart, joinInPlace, LineCutter } from '../../src/source/lines/line-cutter.js';
import { type Piece, piecesOf, split } from './pieces.js';

const origin: Origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

interface Course {
  readonly chunk: number;
  readonly maxLine: number;
  /** Whether the beginning of a line is put before its end, or both elsewhere. */
  readonly inPlace: boolean;
  /** Starts afresh from the resumption every so many pieces. */
  readonly resumeEvery: number;
}

/** Cuts `text` as it comes in pieces. */
function cut(text: string, { chunk, maxLine, inPlace, resumeEvery }: Course): Batch[] {
  const bytes = Buffer.from(text, 'latin1');
  const batches: Batch[] = [];
  let size = chunk;
  let cutter = new LineCutter(origin, maxLine);
  for (let turn = 1; cutter.readTo < bytes.length; turn += 1) {
    const piece = bytes.subarray(cutter.readTo, cutter.readTo + size);
    const memory = Buffer.alloc(maxLine + piece.length);
    memory.set(piece, maxLine);
    const given = cutter.cut(memory.subarray(maxLine), inPlace ? joinInPlace : joinApart);
    batches.push(...given);
    if (!inPlace) memory.fill('?');
    if (turn % resumeEvery !== 0 || cutter.readTo === bytes.length) continue;
    cutter = new LineCutter(origin, maxLine, cutter.resumption);
    // An unfinished line is read again, now in one go: else it would never end.
    size = Math.max(size, maxLine + 2);
  }
  batches.push(...cutter.end());
  expect(cutter.end()).toEqual([]);
  return batches;
}

const usual: Course = { chunk: 100, maxLine: 8, inPlace: true, resumeEvery: Infinity };

function lines(text: string, course: Course): Piece[] {
  return cut(text, course).flatMap((batch) => piecesOf(batch, course.maxLine));
}

describe('the line cutter', () => {
  it.each([1, 2, 3, 4, 5, 100])('gives the same lines from pieces of %d bytes', (chunk) => {
    const text = 'one\n\n\ntwo\r\n12345678\n123456789\n\0\xff\n1234567890123456789012345\nlast';
    expect(lines(text, { ...usual, chunk })).toEqual(split(text, usual.maxLine));
  });

  it('equals splitting in memory, for any text, limit, pieces and resumptions', () => {
    const text = fc
      .array(fc.constantFrom('\n', 'a', 'bc', '12345678', 'a longer line than any limit', '\r'))
      .map((parts) => parts.join(''));
    const course = fc.record({
      chunk: fc.integer({ min: 1, max: 40 }),
      maxLine: fc.integer({ min: 1, max: 12 }),
      inPlace: fc.boolean(),
      resumeEvery: fc.constantFrom(1, 2, 3, 5, Infinity),
    });
    fc.assert(
      fc.property(text, course, (all, how) => {
        expect(lines(all, how)).toEqual(split(all, how.maxLine));
      }),
      { numRuns: 2000 },
    );
  });

  it('gives the whole lines of a piece as one batch, however many', () => {
    expect(cut('a\n\n\nbc\n123456789\nd\n', usual)).toMatchObject([{ start: 0, end: 19 }]);
  });

  it('keeps the start of a line that is too long as the position until its end has come', () => {
    const cutter = new LineCutter(origin, 8);
    const give = (text: string): Batch[] => cutter.cut(Buffer.from(text), joinApart);
    give('ab\n');
    expect(give('12345678')).toEqual([]);
    expect(cutter.resumption).toEqual({ position: 3, scannedTo: 3 });
    expect(give('9')).toEqual([]);
    expect(cutter.resumption).toEqual({ position: 3, scannedTo: 12 });
    expect(give('0')).toEqual([]);
    expect(cutter.resumption).toEqual({ position: 3, scannedTo: 13 });
    expect(give('\nx\n').flatMap((batch) => piecesOf(batch, 8))).toEqual([
      { text: '<too long>', start: 3, end: 14 },
      { text: 'x', start: 14, end: 16 },
    ]);
  });

  // Copying all that came before at each piece would take minutes.
  it('takes a long line in tiny pieces in its stride', () => {
    const length = 1_000_000;
    const cutter = new LineCutter(origin, length);
    const [byte, lineEnd] = [Buffer.from('x'), Buffer.from('\n')];
    for (let at = 0; at < length; at += 1) cutter.cut(byte, joinApart);
    expect(cutter.cut(lineEnd, joinApart)).toMatchObject([{ kind: 'lines', end: length + 1 }]);
  });
});
