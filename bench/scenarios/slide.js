/** What a slide costs: `../slide.js`, which prints it for people too. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measure } from '../measure.js';

const SCRIPT = fileURLToPath(new URL('../slide.js', import.meta.url));

/** @type {import('../scenario.js').Scenario} */
export const slide = {
  name: 'slide',
  what: 'a slide of 300 panes, 1,000,000 keys, 10,000 of them changed',
  logs: () => [],
  run(bench) {
    const output = join(bench.work, 'output');
    measure([process.execPath, SCRIPT, '--json'], output);
    /** @type {Record<string, { median: number, most: number, worst: number }>} */
    const seen = JSON.parse(readFileSync(output, 'utf8'));
    const { median, worst } = seen.slide;
    return {
      findings: [
        {
          goal: 'slide',
          value: median,
          low: median,
          high: worst,
          note: 'the median decides; the spread is up to the worst of 200',
        },
      ],
      tables: [
        {
          title: 'A slide, in milliseconds',
          head: ['what', 'median', '90 %', 'worst'],
          rows: Object.entries(seen).map(([name, times]) => [
            name,
            ...[times.median, times.most, times.worst].map((time) => time.toFixed(2)),
          ]),
        },
      ],
      raw: seen,
    };
  },
};
