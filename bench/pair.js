/** Two commands in turn, in one run: whatever else the machine does, it does to both. */
import { measure } from './measure.js';
import { median, spread } from './statistics.js';

/** @typedef {import('./measure.js').Cost} Cost */
/** @typedef {{ ours: Cost[], theirs: Cost[] }} Pairs */

/**
 * @typedef {object} Comparison
 * @property {number} ours the median
 * @property {number} theirs the median
 * @property {number} value ours divided by theirs
 * @property {number} low the lowest ratio of two runs that followed each other
 * @property {number} high the highest
 */

/**
 * A, B, A, B, and so on, after a run of each that does not count: it brings the files into the
 * system's cache.
 * @param {{ ours: readonly string[], theirs: readonly string[], output: string, runs: number, repeat?: number }} what
 * @returns {Pairs}
 */
export function inTurn({ ours, theirs, output, runs, repeat = 1 }) {
  /** @type {Pairs} */
  const pairs = { ours: [], theirs: [] };
  for (const command of [ours, theirs]) measure(command, output);
  for (let run = 0; run < runs; run++) {
    pairs.ours.push(measure(ours, output, repeat));
    pairs.theirs.push(measure(theirs, output, repeat));
  }
  return pairs;
}

/**
 * @param {readonly number[]} ours
 * @param {readonly number[]} theirs
 * @returns {Comparison}
 */
export function compare(ours, theirs) {
  const ratios = ours.map((one, run) => one / theirs[run]);
  return {
    ours: median(ours),
    theirs: median(theirs),
    value: median(ours) / median(theirs),
    ...spread(ratios),
  };
}

/** @param {Pairs} pairs @param {keyof Cost} what */
export function comparePairs({ ours, theirs }, what) {
  return compare(
    ours.map((cost) => cost[what]),
    theirs.map((cost) => cost[what]),
  );
}
