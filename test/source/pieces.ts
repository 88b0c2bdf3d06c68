/** What sources must give, the plain way: everything in memory, split. */
import { expect } from 'vitest';
import type { Batch } from '../../src/core/batch.js';

/** A line, with its position in the origin. */
export interface Piece {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const TOO_LONG = '<too long>';

/** The lines of a text whose first byte stands at `from`. */
export function split(text: string, maxLine: number, from = 0): Piece[] {
  const pieces: Piece[] = [];
  for (let start = 0; start < text.length; ) {
    const at = text.indexOf('\n', start);
    const end = at < 0 ? text.length : at + 1;
    const line = text.slice(start, at < 0 ? end : at);
    const isTooLong = line.length > maxLine;
    pieces.push({ text: isTooLong ? TOO_LONG : line, start: from + start, end: from + end });
    start = end;
  }
  return pieces;
}

/** The lines of a batch, with the positions that it gives them. */
export function piecesOf(batch: Batch, maxLine: number): Piece[] {
  const { start, end } = batch;
  if (batch.kind === 'too-long') {
    expect(end - start).toBeGreaterThan(maxLine);
    return [{ text: TOO_LONG, start, end }];
  }
  if (batch.kind === 'range') throw new Error('a range is of a file');
  const text = Buffer.from(batch.bytes).toString('latin1');
  expect(end - start).toBe(text.length);
  expect(text.length).toBeGreaterThan(0);
  return split(text, maxLine, start);
}
