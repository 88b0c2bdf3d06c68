/** What a program says of a log, and whether two programs say the same. */
import { readFileSync } from 'node:fs';
import { pathOf } from './logs.js';
import { measure } from './measure.js';
import { count } from './program.js';

/**
 * @typedef {object} Answer
 * @property {number} lines how many lines there are, or how many were counted
 * @property {Map<string, number>} [counts] how often each key is there
 */

/**
 * What of two answers can be the same: all of it, the three largest counts, or the number of lines.
 * @typedef {'all' | 'top' | 'lines'} Extent
 */

const TOP = 3;

/**
 * The answer of `logwin count`. Rejected lines are lines, and have no key.
 * @param {string} log
 * @param {string} output
 * @param {string} field
 * @returns {Answer}
 */
export function ownAnswer(log, output, field) {
  measure(count(2, '--by', field, '--top', '0', '--output', 'ndjson', log), output);
  const { total, rejected, top } = JSON.parse(readFileSync(output, 'utf8'));
  if (top.some((/** @type {{ other?: true }} */ row) => row.other))
    throw new Error('too many keys');
  return {
    lines: total + rejected,
    counts: new Map(top.map((/** @type {any} */ row) => [row[field], row.count])),
  };
}

/**
 * That logwin accounts for every line of an invented log, and sees all its URLs where these are even.
 * @param {import('./log-lines.js').LogOptions} options
 * @param {string} output
 * @throws {Error} if not
 */
export function demandComplete(options, output) {
  measure(count(2, '--top', '1', '--output', 'ndjson', pathOf(options)), output);
  const { total, rejected, distinct } = JSON.parse(readFileSync(output, 'utf8'));
  if (total + rejected !== options.lines) {
    throw new Error(`logwin has ${total + rejected} of ${options.lines} lines.`);
  }
  if (options.even && distinct !== options.urls) {
    throw new Error(`logwin has ${distinct} of ${options.urls} URLs.`);
  }
}

/**
 * Lines of a count and a key, in any order.
 * @param {string} text
 * @returns {Answer}
 */
export function countsAndKeys(text) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  let lines = 0;
  for (const line of text.split('\n')) {
    const [, count, key] = /^ *([0-9]+) (.*)$/.exec(line) ?? [];
    if (!count) continue;
    lines += Number(count);
    counts.set(key, Number(count));
  }
  return { lines, counts };
}

/**
 * @param {Answer} ours
 * @param {Answer} theirs
 * @param {Extent} extent
 * @param {string} what for the message
 * @throws {Error} if they differ
 */
export function demandSame(ours, theirs, extent, what) {
  if (extent !== 'top' && ours.lines !== theirs.lines) {
    throw new Error(`${what}: logwin has ${ours.lines} lines, the other ${theirs.lines}.`);
  }
  if (extent === 'lines') return;
  const length = extent === 'top' ? TOP : Number.POSITIVE_INFINITY;
  const [own, other] = [ranked(ours, length), ranked(theirs, length)];
  const place = own.findIndex((row, index) => row !== other[index]);
  if (place !== -1 || own.length !== other.length) {
    const at = place === -1 ? own.length : place;
    throw new Error(`${what}: in place ${at + 1} logwin has ${own[at]}, the other ${other[at]}.`);
  }
}

/** @param {Answer} answer @param {number} length */
function ranked({ counts = new Map() }, length) {
  return [...counts]
    .sort(([key, count], [otherKey, other]) => other - count || (key < otherKey ? -1 : 1))
    .slice(0, length)
    .map(([key, count]) => `${count} ${key}`);
}
