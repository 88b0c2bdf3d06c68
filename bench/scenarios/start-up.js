/** What it costs to be asked for nothing: beside Node alone. */
import { join } from 'node:path';
import { comparePairs, inTurn } from '../pair.js';
import { LOGWIN } from '../program.js';
import { inSeconds, inSpread, inUnit } from '../units.js';

const RUNS = 15;
/** The stop-watch shows milliseconds, and one start takes 40. */
const REPEAT = 5;

/** @type {import('../scenario.js').Scenario} */
export const startUp = {
  name: 'start-up',
  what: 'logwin --version beside node -e 0',
  logs: () => [],
  run(bench) {
    const pairs = inTurn({
      ours: [...LOGWIN, '--version'],
      theirs: [process.execPath, '-e', '0'],
      output: join(bench.work, 'output'),
      runs: bench.runs(RUNS),
      repeat: REPEAT,
    });
    const seen = comparePairs(pairs, 'wall');
    return {
      findings: [{ goal: 'start-up', value: seen.value, low: seen.low, high: seen.high }],
      tables: [
        {
          title: 'Start-up',
          head: ['`logwin --version`', '`node -e 0`', 'ratio', 'spread'],
          rows: [
            [
              inSeconds(seen.ours),
              inSeconds(seen.theirs),
              inUnit(seen.value, 'times'),
              inSpread(seen, 'times'),
            ],
          ],
        },
      ],
      raw: pairs,
    };
  },
};
