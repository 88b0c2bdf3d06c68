/** Durations as the command line takes them: `300`, `0.5`, `300s`, `200ms`, `5m`, `1h`. */
import { scaled } from './decimal.js';

/** In milliseconds, the longest first; a number without a unit is seconds. */
const UNITS = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/;

/** What the options' messages say is allowed. */
export const DURATION_FORMS = '300, 0.5, 300s, 200ms, 5m or 1h';

/** Whole milliseconds, or undefined where `text` is no duration or finer than a millisecond. */
export function parseDuration(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null) return undefined;
  return scaled(parts[1], UNITS.get(parts[2] ?? 's') ?? 1);
}

/** The shortest text with a whole number that {@link parseDuration} reads back; `ms` is whole. */
export function formatDuration(ms: number): string {
  for (const [unit, scale] of UNITS) {
    if (ms >= scale && ms % scale === 0) return `${ms / scale}${unit}`;
  }
  return '0s';
}
