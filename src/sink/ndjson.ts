import { jsonText } from './document.js';
import type { Format } from './format.js';

/** One JSON object a snapshot, on one line. */
export function ndjsonFormat(fields: readonly string[]): Format {
  return (snapshot) => jsonText(snapshot, fields, 0);
}
