import type { Row } from '../core/snapshot.js';

/** So many rows have a text of their own at a time: of many rows that takes more than their texts. */
const ROWS_AT_ONCE = 1000;

/** The texts of rows, each given with its rank, one after the other. */
export function rowsText(
  rows: readonly Row[],
  textOf: (row: Row, rank: number) => string,
  separator = '',
): string {
  const blocks: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const block = rows.slice(from, from + ROWS_AT_ONCE);
    blocks.push(block.map((row, at) => textOf(row, from + at + 1)).join(separator));
  }
  return blocks.join(separator);
}
