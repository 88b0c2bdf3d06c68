/** logwin beside itself, on two logs. */
import { join } from 'node:path';
import { demandComplete } from '../answers.js';
import { pathOf } from '../logs.js';
import { comparePairs, inTurn } from '../pair.js';
import { count } from '../program.js';
import { inSeconds, inSpread, inUnit } from '../units.js';

const RUNS = 7;

/**
 * @typedef {object} Setting
 * @property {string} name
 * @property {import('../goals.js').GoalName} goal
 * @property {string} what
 * @property {(bench: import('../scenario.js').Bench) => import('../log-lines.js').LogOptions[]} logs the harder one first
 */

/** @param {Setting} setting @returns {import('../scenario.js').Scenario} */
export function itself({ name, goal, what, logs }) {
  return {
    name,
    what,
    logs,
    run(bench) {
      const output = join(bench.work, 'output');
      for (const one of logs(bench)) demandComplete(one, output);
      const [hard, easy] = logs(bench).map((one) => count(2, pathOf(one)));
      const pairs = inTurn({ ours: hard, theirs: easy, output, runs: bench.runs(RUNS) });
      const seen = comparePairs(pairs, 'wall');
      const row = [what, inSeconds(seen.ours), inSeconds(seen.theirs), inUnit(seen.value, 'times')];
      return {
        findings: [{ goal, value: seen.value, low: seen.low, high: seen.high }],
        tables: [
          {
            title: '`count` beside itself, 2 threads',
            head: ['what', 'the first', 'the second', 'ratio', 'spread'],
            rows: [[...row, inSpread(seen, 'times')]],
          },
        ],
        raw: { hard, easy, pairs },
      };
    },
  };
}
