/** Durations as text, the way the command line takes them. */

/** In milliseconds, the longest first. */
export const DURATION_UNITS: ReadonlyMap<string, number> = new Map([
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);

/** The shortest text with a whole number that says the same. */
export function formatDuration(ms: number): string {
  for (const [unit, scale] of DURATION_UNITS) {
    if (ms >= scale && ms % scale === 0) return `${ms / scale}${unit}`;
  }
  return ms === 0 ? '0s' : `${ms}ms`;
}
