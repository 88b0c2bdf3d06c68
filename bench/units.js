/** Numbers as the report has them. */

/** @param {number} seconds */
export function inSeconds(seconds) {
  return seconds < 0.1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(2)} s`;
}

/** @param {number | undefined} bytes */
export function inMegabytes(bytes) {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(0)} MB`;
}

/** @param {number} number */
export function inLines(number) {
  return number.toLocaleString('en');
}

/** @param {number} value @param {'times' | 'ms' | 'MB'} unit */
export function inUnit(value, unit) {
  switch (unit) {
    case 'times':
      return value.toFixed(2);
    case 'ms':
      return `${value.toFixed(1)} ms`;
    default:
      return `${value.toFixed(0)} MB`;
  }
}

/** @param {{ low?: number, high?: number }} spread @param {'times' | 'ms' | 'MB'} unit */
export function inSpread({ low, high }, unit) {
  if (low === undefined || high === undefined) return '';
  return `${inUnit(low, unit)} – ${inUnit(high, unit)}`;
}
