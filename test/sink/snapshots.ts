import type { Rejection } from '../../src/core/answer.js';
import type { Terminal } from '../../src/core/output/terminal.js';
import type { Row, Snapshot } from '../../src/core/snapshot.js';

const END = Date.parse('2026-11-22T08:00:00.000Z');

/** A key of one field, or of several. */
export function row(key: string | Uint8Array | readonly string[], count: number): Row {
  if (key instanceof Uint8Array) return { key, count };
  return { key: Buffer.from(typeof key === 'string' ? key : key.join('\n')), count };
}

export interface Given extends Partial<Omit<Snapshot, 'totals'>> {
  readonly reasons?: readonly (readonly [Rejection, number])[];
}

/** A snapshot of these rows; what is not given follows from them. */
export function snapshotOf(rows: readonly Row[], given: Given = {}): Snapshot {
  const { reasons = [], other = 0, ...rest } = given;
  const counted = rows.reduce((sum, { count }) => sum + count, other);
  const rejected = reasons.reduce((sum, [, count]) => sum + count, 0);
  return {
    start: END - 300_000,
    end: END,
    total: counted,
    distinct: rows.length,
    rejected,
    other,
    rows,
    rate: 0,
    totals: { lines: counted + rejected, counted, rejected, reasons: new Map(reasons) },
    ...rest,
  };
}

export function terminalOf(columns: number, rows = 24, hasColors = false): Terminal {
  return { columns, rows, hasColors, movesCursor: true, onResize: () => {} };
}

/** Keys that try to get out of every format. */
export const HOSTILE_KEYS: readonly Uint8Array[] = [
  Buffer.from('/\x1b]0;owned\x07\x1b[2J'),
  Buffer.from('/a\tb\rc\x0b\x0c\0'),
  Buffer.from('/del\x7f c1\x9b31m nel\x85'),
  Buffer.from('/rtl\u202egpj.exe\u2066 ls\u2028 ps\u2029'),
  Buffer.from('/quote"\'\\",",""\\n'),
  Buffer.from([0x2f, 0xff, 0xfe, 0xe2, 0x82, 0xc2]),
  Buffer.from('=cmd|calc'),
  Buffer.from('(other)'),
  Buffer.from(''),
];
