import type { EscapeMode } from '../core/escape.js';
import type { Format } from './format.js';
import { recordLines } from './records.js';

/** Tab-separated, no header, a line for each row. */
export function tsvFormat(fields: readonly string[], mode: EscapeMode): Format {
  const line = (cells: readonly string[]): string => `${cells.join('\t')}\n`;
  return (snapshot) => recordLines(snapshot, { fields, mode, line });
}
