/** `watch` while 1 GB is dropped at once: how late its slides are, and how much memory it has. */
import { linkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { log, pathOf } from '../logs.js';
import { median, spread } from '../statistics.js';
import { inLines } from '../units.js';
import { Watching } from '../watching.js';

const LINES = 6_000_000;
const RUNS = 3;
const SLIDE = 100;
const MB = 1e6;

/** @typedef {Awaited<ReturnType<typeof dropOnce>>} Drop */

/** @type {import('../scenario.js').Scenario} */
export const watchLarge = {
  name: 'watch-large',
  what: 'watch, 1 GB dropped at once: lateness of its slides, peak memory',
  logs: ({ size }) => [log(size(LINES))],
  async run(bench) {
    const lines = bench.size(LINES);
    /** @type {Drop[]} */
    const drops = [];
    for (let run = 0; run < bench.runs(RUNS); run++) {
      drops.push(await dropOnce(lines, bench.work));
    }
    const worst = spread(drops.map(({ lateness }) => Math.max(...lateness)));
    const peak = spread(drops.map((drop) => drop.peak / MB));
    const readerLate = Math.max(...drops.map((drop) => drop.readerLate));
    return {
      findings: [
        {
          goal: 'lateness',
          value: worst.high,
          ...worst,
          note: `the median is ${median(drops.flatMap(({ lateness }) => lateness))} ms; the reader itself was up to ${readerLate.toFixed(1)} ms late`,
        },
        { goal: 'memory-watch', value: peak.high, ...peak },
      ],
      tables: [
        {
          title: `\`watch\`, ${inLines(lines)} lines dropped at once, a slide of ${SLIDE} ms`,
          head: ['read in', 'slides', 'of these missing', 'late, median', 'worst', 'peak memory'],
          rows: drops.map((drop) => [
            `${(drop.milliseconds / 1000).toFixed(1)} s`,
            String(drop.lateness.length),
            String(drop.missing),
            `${median(drop.lateness)} ms`,
            `${Math.max(...drop.lateness)} ms`,
            `${(drop.peak / MB).toFixed(0)} MB`,
          ]),
        },
      ],
      raw: drops,
    };
  },
};

/** @param {number} lines @param {string} work */
async function dropOnce(lines, work) {
  const watching = new Watching(work, '--slide', `${SLIDE}ms`);
  try {
    await watching.until(() => true, 'a first snapshot');
    // A link, so that nothing has to be written to the disk meanwhile; then it is there at once.
    const hidden = join(watching.spool, '.log');
    linkSync(pathOf(log(lines)), hidden);
    watching.readerLate = 0;
    const dropped = Date.now();
    renameSync(hidden, join(watching.spool, 'log'));
    const complete = await watching.until((seen) => seen.lines >= lines, `${lines} lines`);
    const { readerLate } = watching;
    const { peak } = watching.memory();
    const accounted = await watching.stop();
    if (complete.lines !== lines || accounted !== lines) {
      throw new Error(`watch has ${complete.lines}, then ${accounted} of ${lines} lines.`);
    }
    const snapshots = watching.seen.filter(({ end }) => end > dropped && end <= complete.end);
    return {
      milliseconds: complete.end - dropped,
      ...latenessOf(snapshots),
      readerLate,
      peak,
      snapshots,
    };
  } finally {
    watching.clear();
  }
}

/**
 * Of each boundary, in milliseconds. One without a snapshot is as late as the next that has one.
 * @param {readonly import('../watching.js').Seen[]} snapshots in the order of their arrival
 */
function latenessOf(snapshots) {
  /** @type {number[]} */
  const lateness = [];
  let due = snapshots[0].end;
  for (const { arrived, end } of snapshots) {
    for (; due <= end; due += SLIDE) lateness.push(arrived - due);
  }
  return { lateness, missing: lateness.length - snapshots.length };
}
