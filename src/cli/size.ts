/** Sizes as the command line takes them: `500`, `64KiB`, `1.5MiB`, `10kB`. */
import { scaled } from './decimal.js';

/** In bytes. Case does not matter: nobody means millibytes. */
const UNITS = new Map([
  ['', 1],
  ['b', 1],
  ['kb', 1000],
  ['mb', 1000 ** 2],
  ['gb', 1000 ** 3],
  ['kib', 1024],
  ['mib', 1024 ** 2],
  ['gib', 1024 ** 3],
]);

const SIZE = /^(\d+(?:\.\d+)?)([a-z]*)$/i;

/** What the options' messages say is allowed. */
export const SIZE_FORMS = '500, 64KiB, 1MiB, 1GiB or 10kB';

/** Whole bytes, or undefined where `text` is no size or not a whole number of bytes. */
export function parseSize(text: string): number | undefined {
  const parts = SIZE.exec(text);
  if (parts === null) return undefined;
  const unit = UNITS.get(parts[2].toLowerCase());
  return unit === undefined ? undefined : scaled(parts[1], unit);
}

const SHOWN = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** For people: three or four digits and a unit, `1.20 GiB`. */
export function formatSize(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 1000 && unit < SHOWN.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const decimals = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(decimals)} ${SHOWN[unit]}`;
}
