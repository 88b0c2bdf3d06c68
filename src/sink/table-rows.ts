import { escapeBytes } from '../core/escape.js';
import { splitKey } from '../core/keys.js';
import type { Row, Snapshot } from '../core/snapshot.js';
import { OTHER_NAME } from './format.js';
import { grouped } from './heading.js';

/** A row of the table as text that is safe to show. */
export interface TableRow {
  readonly rank: string;
  readonly count: string;
  /** Of all that was counted in the window. */
  readonly share: string;
  /** As many as there are fields. */
  readonly fields: readonly string[];
}

/**
 * The rows of a snapshot, at most `room`; where there are more, one less than that, which leaves a
 * line to say how many are `missing`.
 */
export function tableRows(
  snapshot: Snapshot,
  fieldCount: number,
  room: number,
): { readonly rows: TableRow[]; readonly missing: number } {
  const all = snapshot.rows.length + (snapshot.other > 0 ? 1 : 0);
  const shown = all <= room ? all : Math.max(0, room - 1);
  const rows = snapshot.rows.slice(0, shown).map((row, index) => keyRow(row, index + 1, snapshot));
  if (shown > snapshot.rows.length) rows.push(otherRow(snapshot, fieldCount));
  return { rows, missing: all - shown };
}

function keyRow({ key, count }: Row, rank: number, { total }: Snapshot): TableRow {
  const fields = splitKey(key).map((field) => escapeBytes(field, 'terminal'));
  return { rank: grouped(rank), count: grouped(count), share: share(count, total), fields };
}

function otherRow({ other, total }: Snapshot, fieldCount: number): TableRow {
  const empty = new Array<string>(fieldCount - 1).fill('');
  const fields = [OTHER_NAME, ...empty];
  return { rank: '', count: grouped(other), share: share(other, total), fields };
}

function share(count: number, total: number): string {
  return `${((count / total) * 100).toFixed(1)}%`;
}
