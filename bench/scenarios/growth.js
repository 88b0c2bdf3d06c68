/** What a line costs as the log grows; what an empty log takes is taken off. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { log, pathOf } from '../logs.js';
import { measure } from '../measure.js';
import { count } from '../program.js';
import { median, spread } from '../statistics.js';
import { inLines, inSeconds } from '../units.js';

/** @typedef {import('../measure.js').Cost} Cost */

const LINES = [1, 2, 5, 10, 20].map((millions) => millions * 1_000_000);
const RUNS = 5;

/** @type {import('../scenario.js').Scenario} */
export const growth = {
  name: 'growth',
  what: 'cost of a line, as the log grows from 1 M to 20 M lines',
  logs: ({ size }) => LINES.map((lines) => log(size(lines))),
  run(bench) {
    const empty = join(bench.work, 'empty.log');
    writeFileSync(empty, '');
    const logs = LINES.map((lines) => log(bench.size(lines)));
    const files = [empty, ...logs.map(pathOf)];
    const output = join(bench.work, 'output');
    measure(count(2, empty), output);
    /** @type {Cost[][]} by round, the empty log first */
    const rounds = [];
    for (let run = 0; run < bench.runs(RUNS); run++) {
      rounds.push(files.map((file) => measure(count(2, file), output)));
    }

    const typical = files.map((_, place) => ({
      wall: median(rounds.map((costs) => costs[place].wall)),
      cpu: median(rounds.map((costs) => costs[place].cpu)),
    }));
    const lines = logs.map((one) => one.lines);
    const nanoseconds = costOfALine(typical, lines, 'wall');
    const steepness = rounds.map((costs) => ratio(costOfALine(costs, lines, 'wall')));
    return {
      findings: [
        {
          goal: 'growth',
          value: ratio(nanoseconds),
          ...spread(steepness),
          note: `an empty log takes ${inSeconds(typical[0].wall)}`,
        },
      ],
      tables: [
        {
          title: 'Cost of a line, 2 threads',
          head: ['lines', 'wall', 'a line, wall', 'a line, processor'],
          rows: lines.map((number, place) => [
            inLines(number),
            inSeconds(typical[place + 1].wall),
            `${nanoseconds[place].toFixed(0)} ns`,
            `${costOfALine(typical, lines, 'cpu')[place].toFixed(0)} ns`,
          ]),
        },
      ],
      raw: { lines, rounds },
    };
  },
};

/**
 * Nanoseconds, for each of the logs that are not empty.
 * @param {readonly Cost[]} costs the empty log first
 * @param {readonly number[]} lines
 * @param {keyof Cost} what
 */
function costOfALine([empty, ...costs], lines, what) {
  return costs.map((cost, place) => ((cost[what] - empty[what]) * 1e9) / lines[place]);
}

/** @param {readonly number[]} costs */
function ratio(costs) {
  const { low, high } = spread(costs);
  return high / low;
}
