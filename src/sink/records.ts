import { type EscapeMode, escapeBytes } from '../core/escape.js';
import { splitKey } from '../core/keys.js';
import type { Snapshot } from '../core/snapshot.js';
import { OTHER_NAME } from './format.js';

/** The columns of `tsv` and `csv` that stand before those of the key. */
export const RECORD_COLUMNS = ['time', 'rank', 'count'] as const;

/**
 * The rows of a snapshot as `tsv` and `csv` have them: time (the window's end), rank, count and the
 * key's fields, all escaped. The row of what is over the bounds comes last and has no rank.
 */
export function records(
  snapshot: Snapshot,
  fields: readonly string[],
  mode: EscapeMode,
): string[][] {
  const time = new Date(snapshot.end).toISOString();
  const all = snapshot.rows.map(({ key, count }, index) => {
    const cells = splitKey(key).map((field) => escapeBytes(field, mode));
    return [time, String(index + 1), String(count), ...cells];
  });
  if (snapshot.other > 0) {
    const empty = fields.slice(1).map(() => '');
    all.push([time, '', String(snapshot.other), OTHER_NAME, ...empty]);
  }
  return all;
}
