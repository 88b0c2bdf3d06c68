/** What `npm run bench` is told. */
import { parseArgs } from 'node:util';

export const USAGE = `npm run bench -- [options]

  --only TEXT   the scenarios whose names contain it; repeatable
  --runs N      how often each is measured, in place of its own number
  --quick       small logs, to try the harness: its numbers mean nothing
  --keep        keep the results of a run with --only or --quick too
  --list        name the scenarios
`;

/**
 * Ends the process where they are wrong.
 * @param {string[]} args
 */
export function readOptions(args) {
  try {
    return parse(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    process.exit(2);
  }
}

/** @param {string[]} args */
function parse(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      runs: { type: 'string' },
      quick: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const runs = values.runs === undefined ? undefined : Number(values.runs);
  if (runs !== undefined && !(Number.isInteger(runs) && runs > 0)) {
    throw new Error('--runs is a whole number of at least 1.');
  }
  return { ...values, runs };
}
