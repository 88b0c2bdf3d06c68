/** Moments (ms since the epoch) as the clock on the wall shows them. */

/** `08:00:00`, with milliseconds where there are some. */
export function localTime(moment: number): string {
  const date = new Date(moment);
  const clock = [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
  const milliseconds = date.getMilliseconds();
  return milliseconds === 0 ? clock : `${clock}.${String(milliseconds).padStart(3, '0')}`;
}

/** `2026-11-22 08:00:00`, with milliseconds where there are some. */
export function localDateTime(moment: number): string {
  const date = new Date(moment);
  const year = String(date.getFullYear()).padStart(4, '0');
  const day = [date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
  return `${year}-${day} ${localTime(moment)}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
