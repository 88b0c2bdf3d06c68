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

process.stdout.on('error', () => process.exit(0));
const lines = logLines({
  lines: Number(positionals[0]),
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
