import type { Terminal } from '../core/output/terminal.js';
import type { Snapshot } from '../core/snapshot.js';
import { type ColumnSizes, fitColumns } from './column-widths.js';
import { clip, displayWidth } from './display-width.js';
import type { Format } from './format.js';
import { type Cell, GAP, type GridColumn, layOut } from './grid.js';
import { headingLines, headingParts, type Period } from './heading.js';
import { colours, noPaint, type Paint } from './paint.js';
import { type TableRow, tableRows } from './table-rows.js';

/** Off a terminal nothing is cut, yet one long key is not to pad all other rows to its length. */
const WIDEST_PADDING = 80;

interface TableOptions {
  readonly fields: readonly string[];
  readonly window: Period;
  readonly terminal: Terminal | undefined;
  /** Drawn over the table before, so it has to fit the screen. Else a blank line separates them. */
  readonly inPlace: boolean;
}

/** For the eye: what the window is, then its first keys. */
export function tableFormat(options: TableOptions): Format {
  let separator = '';
  return (snapshot) => {
    const lines = tableLines(snapshot, options);
    const text = separator + lines.map((line) => `${line}\n`).join('');
    if (!options.inPlace) separator = '\n';
    return text;
  };
}

function tableLines(snapshot: Snapshot, options: TableOptions): string[] {
  const { fields, window, terminal, inPlace } = options;
  const paint = terminal?.hasColors ? colours : noPaint;
  const place = inPlace ? 'screen' : 'file';
  const groups = headingParts(snapshot, window, place);
  const width = terminal?.columns ?? Infinity;
  const heading = (inPlace ? groups : [groups.flat()])
    .flatMap((parts) => headingLines(parts, width))
    .map(paint.title);
  // The line below the frame, the column names and their rule.
  const room = inPlace && terminal ? terminal.rows - heading.length - 3 : Infinity;
  const { rows, missing } = tableRows(snapshot, fields.length, room);
  const more = missing > 0 ? [paint.faint(`… ${missing} more rows`)] : [];
  return [...heading, ...body(fields, rows, terminal, paint), ...more];
}

function body(
  fields: readonly string[],
  rows: readonly TableRow[],
  terminal: Terminal | undefined,
  paint: Paint,
): string[] {
  const names: TableRow = { rank: 'rank', count: 'count', share: 'share', fields };
  const needed = neededSizes([names, ...rows]);
  const sizes = terminal ? fitColumns(needed, GAP, terminal.columns) : padded(needed);
  const columns = gridColumns(sizes);
  const draw = (row: TableRow): Cell[] => cells(row, sizes, paint, terminal !== undefined);
  // Without ranks `(other)` would look like a request for that; the heading says how much it is.
  const told = sizes.rank > 0 ? rows : rows.filter(({ rank }) => rank !== '');
  const [header, ...lines] = layOut(columns, [draw(names), ...told.map(draw)]);
  const rule = columns.map(({ width }) => '─'.repeat(width)).join(' '.repeat(GAP));
  return [header, paint.faint(rule), ...lines];
}

function neededSizes(rows: readonly TableRow[]): ColumnSizes {
  const widest = (textOf: (row: TableRow) => string): number =>
    rows.reduce((width, row) => Math.max(width, displayWidth(textOf(row))), 1);
  return {
    rank: widest((row) => row.rank),
    count: widest((row) => row.count),
    share: widest((row) => row.share),
    fields: rows[0].fields.map((_, index) => widest((row) => row.fields[index])),
  };
}

function padded(sizes: ColumnSizes): ColumnSizes {
  return { ...sizes, fields: sizes.fields.map((width) => Math.min(width, WIDEST_PADDING)) };
}

function gridColumns({ rank, count, share, fields }: ColumnSizes): GridColumn[] {
  const numbers = [rank, count, share].filter((width) => width > 0);
  return [
    ...numbers.map((width) => ({ align: 'right', width }) as const),
    ...fields.map((width) => ({ align: 'left', width }) as const),
  ];
}

/** The cells of the columns that there are; cut to their width where `isCut`. */
function cells(row: TableRow, sizes: ColumnSizes, paint: Paint, isCut: boolean): Cell[] {
  const numbers: Cell[] = [];
  if (sizes.rank > 0) numbers.push({ text: row.rank, paint: paint.faint });
  numbers.push({ text: clip(row.count, sizes.count) });
  if (sizes.share > 0) numbers.push({ text: row.share, paint: paint.faint });
  const fields = sizes.fields.map((width, index) => {
    const text = row.fields[index];
    return { text: isCut ? clip(text, width) : text };
  });
  return [...numbers, ...fields];
}
