/** Durations as the command line takes them: `300`, `0.5`, `300s`, `200ms`, `5m`, `1h`. */
import { DURATION_UNITS } from '../core/duration.js';
import { scaled } from './decimal.js';

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;

/** What the options' messages say is allowed. */
export const DURATION_FORMS = '300, 0.5, 300s, 200ms, 5m or 1h';

/** Whole milliseconds, or undefined where `text` is no duration or finer than a millisecond. */
export function parseDuration(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null) return undefined;
  return scaled(parts[1], DURATION_UNITS.get(parts[2] ?? 's') ?? 1);
}
