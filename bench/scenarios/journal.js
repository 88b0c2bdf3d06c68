/** What the journal costs: `watch` on a log dropped at once, with one and without, in turn. */
import { linkSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { log, pathOf } from '../logs.js';
import { compare } from '../pair.js';
import { inLines } from '../units.js';
import { Watching } from '../watching.js';

const LINES = 2_000_000;
const RUNS = 11;
/**
 * Short, for it is seen at a slide that a log was read; and one pane, so that a record is made once a
 * second, as by default, and not at each of these slides.
 */
const WINDOW = ['--slide', '10ms', '--window', 'all'];

/** @typedef {Awaited<ReturnType<typeof dropOnce>>} Drop */

/** @type {import('../scenario.js').Scenario} */
export const journal = {
  name: 'journal',
  what: 'watch, 2 M lines dropped at once: with a journal, beside without',
  logs: ({ size }) => [log(size(LINES))],
  async run(bench) {
    const lines = bench.size(LINES);
    /** @type {Drop[]} */
    const withJournal = [];
    /** @type {Drop[]} */
    const without = [];
    await dropOnce(lines, bench.work);
    for (let run = 0; run < bench.runs(RUNS); run++) {
      withJournal.push(await dropOnce(lines, bench.work));
      without.push(await dropOnce(lines, bench.work, '--no-state'));
    }
    const [wall, cpu] = /** @type {const} */ (['wall', 'cpu']).map((what) =>
      compare(
        withJournal.map((drop) => drop[what]),
        without.map((drop) => drop[what]),
      ),
    );
    const milliseconds = (/** @type {number} */ value) => `${Math.round(value)} ms`;
    return {
      findings: [
        { goal: 'journal', value: wall.value, low: wall.low, high: wall.high },
        { goal: 'journal-cpu', value: cpu.value, low: cpu.low, high: cpu.high },
      ],
      tables: [
        {
          title: `\`watch\`, ${inLines(lines)} lines dropped at once, until all are shown`,
          head: ['', 'with a journal', 'without'],
          rows: [
            ['wall, median', milliseconds(wall.ours), milliseconds(wall.theirs)],
            ['processor time, median', milliseconds(cpu.ours), milliseconds(cpu.theirs)],
          ],
        },
      ],
      raw: { withJournal, without },
    };
  },
};

/** @param {number} lines @param {string} work @param {...string} args */
async function dropOnce(lines, work, ...args) {
  const watching = new Watching(work, ...WINDOW, ...args);
  try {
    await watching.until(() => true, 'a first snapshot');
    // A link, so that nothing has to be written to the disk meanwhile; then it is there at once.
    const hidden = join(watching.spool, '.log');
    linkSync(pathOf(log(lines)), hidden);
    const before = watching.processorTime();
    const dropped = Date.now();
    renameSync(hidden, join(watching.spool, 'log'));
    const complete = await watching.until((seen) => seen.lines >= lines, `${lines} lines`);
    const cpu = watching.processorTime() - before;
    const accounted = await watching.stop();
    if (complete.lines !== lines || accounted !== lines) {
      throw new Error(`watch has ${complete.lines}, then ${accounted} of ${lines} lines.`);
    }
    const all = watching.seen.find((seen) => seen.lines === lines) ?? complete;
    return { wall: all.end - dropped, cpu };
  } finally {
    watching.clear();
  }
}
