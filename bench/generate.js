/**
 * Prints an invented log to standard output.
 *
 *   node bench/generate.js LINES [--urls N] [--skew S] [--odd P] [--seed N]
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { createTraffic } from '../dist/traffic/traffic.js';

const LINES_A_SECOND = 1000;
const FIRST_SECOND = Date.UTC(2026, 10, 22, 8);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    urls: { type: 'string', default: '2000' },
    skew: { type: 'string', default: '1' },
    odd: { type: 'string', default: '0.001' },
    seed: { type: 'string', default: '1' },
  },
});

const traffic = createTraffic({
  urls: Number(values.urls),
  skew: Number(values.skew),
  odd: Number(values.odd),
  seed: Number(values.seed),
});

process.stdout.on('error', () => process.exit(0));
let time = FIRST_SECOND;
for (let left = Number(positionals[0]); left > 0; left -= LINES_A_SECOND) {
  const written = process.stdout.write(traffic.lines(Math.min(left, LINES_A_SECOND), time));
  if (!written) await once(process.stdout, 'drain');
  time += 1000;
}
