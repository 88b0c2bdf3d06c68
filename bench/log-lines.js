/**
 * Invented log lines to measure with: the traffic of the demonstration, and what only a measurement
 * asks for. The same options give the same bytes.
 */
import { Random } from '../dist/traffic/random.js';
import { createTraffic } from '../dist/traffic/traffic.js';
import { withOddQuotes } from './odd-quotes.js';

/**
 * @typedef {object} LogOptions
 * @property {number} lines
 * @property {number} urls how many URLs there are
 * @property {number} skew how steep their distribution is; 0 asks for all alike
 * @property {number} odd the share of lines that are no plain requests
 * @property {number} quotes the share of lines that get quotes where none belong
 * @property {boolean} even every URL as often as every other, and all URLs of the same length
 * @property {number} seed
 */

/** @type {Omit<LogOptions, 'lines'>} */
export const DEFAULTS = { urls: 2000, skew: 1, odd: 0.001, quotes: 0, even: false, seed: 1 };

const LINES_A_SECOND = 1000;
const FIRST_SECOND = Date.UTC(2026, 10, 22, 8);

/**
 * Yields a second of traffic at a time, each line with its line end.
 * @param {LogOptions} options
 */
export function* logLines({ lines, urls, skew, odd, quotes, even, seed }) {
  // With `even` the traffic's own URLs are replaced, so only a few are needed.
  const traffic = createTraffic({ urls: even ? DEFAULTS.urls : urls, skew, odd, seed });
  const random = new Random(seed + 1);
  const nextUrl = even ? evenUrls(urls, random) : undefined;

  for (let done = 0; done < lines; done += LINES_A_SECOND) {
    const time = FIRST_SECOND + done;
    const second = traffic.lines(Math.min(lines - done, LINES_A_SECOND), time);
    if (!nextUrl && quotes === 0) {
      yield second;
      continue;
    }
    let text = second.toString('latin1');
    if (nextUrl) text = text.replace(/"([A-Z]+) \S+ /g, (_, method) => `"${method} ${nextUrl()} `);
    if (quotes > 0) text = withOddQuotes(text, quotes, random);
    yield Buffer.from(text, 'latin1');
  }
}

/**
 * Goes through all URLs again and again, each time in another order.
 * @param {number} count at most 10,000,000, so that their lengths are the same
 * @param {Random} random
 */
function evenUrls(count, random) {
  const order = Uint32Array.from({ length: count }, (_, number) => number);
  let place = count;
  return () => {
    if (place === count) {
      shuffle(order, random);
      place = 0;
    }
    return `/products/item-${String(order[place++]).padStart(7, '0')}/details`;
  };
}

/** @param {Uint32Array} numbers @param {Random} random */
function shuffle(numbers, random) {
  for (let last = numbers.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [numbers[last], numbers[other]] = [numbers[other], numbers[last]];
  }
}
