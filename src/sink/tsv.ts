import type { EscapeMode } from '../core/escape.js';
import type { Format } from './format.js';
import { records } from './records.js';

/** Tab-separated, no header, a line for each row. */
export function tsvFormat(fields: readonly string[], mode: EscapeMode): Format {
  return (snapshot) =>
    records(snapshot, fields, mode)
      .map((record) => `${record.join('\t')}\n`)
      .join('');
}
