import type { EscapeMode } from '../core/escape.js';
import type { Format } from './format.js';
import { RECORD_COLUMNS, records } from './records.js';

/**
 * RFC 4180: the records of `tsv`, after one header. A `'` goes before a cell that a spreadsheet would
 * take for a formula.
 */
export function csvFormat(fields: readonly string[], mode: EscapeMode): Format {
  let header = line([...RECORD_COLUMNS, ...fields]);
  return (snapshot) => {
    const text = header + records(snapshot, fields, mode).map(line).join('');
    header = '';
    return text;
  };
}

function line(record: readonly string[]): string {
  return `${record.map((cell) => quoted(withoutFormula(cell))).join(',')}\r\n`;
}

/** One more `'` also where some stand before the sign, so that it can always be taken off again. */
function withoutFormula(cell: string): string {
  return /^'*[=+\-@]/.test(cell) ? `'${cell}` : cell;
}

/** Line ends are escaped before, so they need no quotes. */
function quoted(cell: string): string {
  return /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
