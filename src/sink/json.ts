import { jsonText } from './document.js';
import type { Format } from './format.js';

/** The object of `ndjson`, over several lines. */
export function jsonFormat(fields: readonly string[]): Format {
  return (snapshot) => jsonText(snapshot, fields, 2);
}
