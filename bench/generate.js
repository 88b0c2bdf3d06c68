/**
 * Prints an invented log to standard output.
 *
 *   node bench/generate.js LINES [--urls N] [--skew S] [--odd P] [--quotes P] [--even] [--seed N]
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { DEFAULTS, logLines } from './log-lines.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    urls: { type: 'string', default: String(DEFAULTS.urls) },
    skew: { type: 'string', default: String(DEFAULTS.skew) },
    odd: { type: 'string', default: String(DEFAULTS.odd) },
    quotes: { type: 'string', default: String(DEFAULTS.quotes) },
    even: { type: 'boolean', default: DEFAULTS.even },
    seed: { type: 'string', default: String(DEFAULTS.seed) },
  },
});

const count = Number(positionals[0]);
if (!Number.isSafeInteger(count) || count < 0) {
  console.error('give the number of lines first: node bench/generate.js 2000000');
  process.exit(2);
}

process.stdout.on('error', () => process.exit(0));
const lines = logLines({
  lines: count,
  urls: Number(values.urls),
  skew: Number(values.skew),
  odd: Number(values.odd),
  quotes: Number(values.quotes),
  even: values.even,
  seed: Number(values.seed),
});
for (const second of lines) {
  if (!process.stdout.write(second)) await once(process.stdout, 'drain');
}
