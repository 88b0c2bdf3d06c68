import Table from 'cli-table3';
import { displayWidth, isAscii } from './display-width.js';

/** Spaces between two columns. */
export const GAP = 2;

export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

export interface GridColumn {
  readonly align: 'left' | 'right';
  /** At least 1. A wider text is not cut; it sticks out, and pushes what follows to the right. */
  readonly width: number;
}

/** cli-table3 takes time by the square of the number of rows, so it gets only this many at once. */
const ROWS_AT_ONCE = 16;

/**
 * Stands in for a text that cli-table3 should not see: over a long one that is not ASCII it takes
 * time by the square of its length, and it would cut one that is to stick out. A private-use
 * character of single width, which passes only in runs that we put there.
 */
const STAND_IN = '\ue000';
const STAND_INS = /\ue000+/g;

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};

/** Lays out rows of cells (as many as there are columns) in lines without trailing spaces. */
export function layOut(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
): string[] {
  const lines: string[] = [];
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    lines.push(...layOutSome(columns, rows.slice(from, from + ROWS_AT_ONCE)));
  }
  return lines;
}

function layOutSome(columns: readonly GridColumn[], rows: readonly (readonly Cell[])[]): string[] {
  const table = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
    colWidths: columns.map(({ width }) => width),
    colAligns: columns.map(({ align }) => align),
  });
  const hidden: string[] = [];
  for (const row of rows) {
    table.push(
      row.map(({ text, paint }, index) => {
        const shown = standIn(text, columns[index].width, hidden);
        return paint === undefined || shown === '' ? shown : paint(shown);
      }),
    );
  }
  let next = 0;
  const drawn = table.toString().replace(STAND_INS, () => hidden[next++]);
  return drawn.split('\n').map((line) => line.trimEnd());
}

/** Returns the text itself where it is short ASCII, else a stand-in for it, and adds it to `hidden`. */
function standIn(text: string, width: number, hidden: string[]): string {
  if (text.length <= width && isAscii(text)) return text;
  hidden.push(text);
  return STAND_IN.repeat(Math.max(1, Math.min(displayWidth(text), width)));
}
