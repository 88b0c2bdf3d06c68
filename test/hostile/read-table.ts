/** Reads a table that was not printed on a terminal, as the eye does. */

export interface TableRow {
  /** Empty in the row of what is over the bounds. */
  readonly rank: string;
  readonly count: number;
  /** All that stands in the columns of the fields. */
  readonly text: string;
}

export interface ReadTable {
  readonly heading: string;
  readonly rows: readonly TableRow[];
}

/** Throws where a line is no row. */
export function readTable(table: string): ReadTable {
  const lines = table.split('\n');
  const names = lines.findIndex((line) => /^ *rank {2}/.test(line));
  const [, rule, ...rows] = lines.slice(names);
  if (names < 1 || rows.pop() !== '' || !/^[─ ]+$/.test(rule)) throw new Error('This is no table.');
  return { heading: lines.slice(0, names).join('\n'), rows: rows.map(rowOf) };
}

function rowOf(line: string): TableRow {
  const [, rank, count, text] = /^ *([\d,]*) +([\d,]+) +[\d.]+%(?: {2}(.*))?$/s.exec(line) ?? [];
  if (count === undefined) throw new Error(`This is no row: ${JSON.stringify(line)}`);
  return { rank, count: Number(count.replaceAll(',', '')), text: text ?? '' };
}
