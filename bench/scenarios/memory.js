/** The most memory that `count` has, on a log and on one ten times longer with the same lines. */
import { join } from 'node:path';
import { log, pathOf } from '../logs.js';
import { peakMemoryOfNode } from '../measure.js';
import { compare } from '../pair.js';
import { LOGWIN } from '../program.js';
import { spread } from '../statistics.js';
import { inLines, inMegabytes } from '../units.js';

const LINES = [2_000_000, 20_000_000];
const RUNS = 3;
const MB = 1e6;

/** @type {import('../scenario.js').Scenario} */
export const memory = {
  name: 'memory',
  what: 'peak memory of count, 2 M lines and 20 M lines, threads as they come',
  logs: ({ size }) => LINES.map((lines) => log(size(lines))),
  run(bench) {
    const output = join(bench.work, 'output');
    const logs = LINES.map((lines) => log(bench.size(lines)));
    /** @type {number[][]} */
    const peaks = logs.map(() => []);
    for (let run = 0; run < bench.runs(RUNS); run++) {
      logs.forEach((one, place) => {
        peaks[place].push(peakMemoryOfNode([...LOGWIN, 'count', pathOf(one)], output));
      });
    }
    const [short, long] = peaks;
    const { value, low, high } = compare(long, short);
    const all = spread([...short, ...long]);
    return {
      findings: [
        { goal: 'memory-growth', value, low, high },
        { goal: 'memory-count', value: all.high / MB, low: all.low / MB, high: all.high / MB },
      ],
      tables: [
        {
          title: 'Peak memory of `count`',
          head: ['lines', 'each run'],
          rows: logs.map(({ lines }, place) => [
            inLines(lines),
            peaks[place].map(inMegabytes).join(', '),
          ]),
        },
      ],
      raw: { lines: logs.map(({ lines }) => lines), peaks },
    };
  },
};
