import { type EscapeMode, escapeBytes } from '../core/escape.js';
import { splitKey } from '../core/keys.js';
import type { Row, Snapshot } from '../core/snapshot.js';
import { OTHER_NAME } from './format.js';
import { rowsText } from './rows-text.js';

/** The columns of `tsv` and `csv` that stand before those of the key. */
export const RECORD_COLUMNS = ['time', 'rank', 'count'] as const;

interface RecordOptions {
  readonly fields: readonly string[];
  readonly mode: EscapeMode;
  /** Makes a line, with its end, of cells that are escaped. */
  readonly line: (cells: readonly string[]) => string;
}

/**
 * The rows of a snapshot as `tsv` and `csv` have them: time (the window's end), rank, count and the
 * key's fields. The row of what is over the bounds comes last and has no rank.
 */
export function recordLines(snapshot: Snapshot, { fields, mode, line }: RecordOptions): string {
  const { rows, other } = snapshot;
  const time = new Date(snapshot.end).toISOString();
  const lines = rowsText(rows, ({ key, count }: Row, rank) => {
    const cells = splitKey(key).map((field) => escapeBytes(field, mode));
    return line([time, String(rank), String(count), ...cells]);
  });
  if (other === 0) return lines;
  const empty = fields.slice(1).map(() => '');
  return lines + line([time, '', String(other), OTHER_NAME, ...empty]);
}
