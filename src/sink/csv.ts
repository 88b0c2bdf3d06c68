import type { EscapeMode } from '../core/escape.js';
import type { Format } from './format.js';
import { RECORD_COLUMNS, recordLines } from './records.js';

/**
 * RFC 4180: the records of `tsv`, after one header. A `'` goes before a cell that a spreadsheet would
 * take for a formula.
 */
export function csvFormat(fields: readonly string[], mode: EscapeMode): Format {
  let header = line([...RECORD_COLUMNS, ...fields]);
  return (snapshot) => {
    const text = header + recordLines(snapshot, { fields, mode, line });
    header = '';
    return text;
  };
}

function line(record: readonly string[]): string {
  return `${record.map((cell) => quoted(withoutFormula(cell))).join(',')}\r\n`;
}

/**
 * Also with white space before the sign, which some spreadsheets leave out, and of full width, which
 * some take for the same. `'` may stand before it: one more then, so that it can always be taken off.
 */
const FORMULA = /^['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

function withoutFormula(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

/** Line ends are escaped before, so they need no quotes. */
function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
