import { isatty } from 'node:tty';
import { createCounting, type Surroundings } from '../pipeline.js';
import type { CountFlags } from './flags.js';
import { resolveCount, type Settings } from './resolve.js';
import { type Context, Run } from './run.js';
import { warnOfRejected } from './totals.js';

/** Runs `logwin count`. Resolves with the exit code. */
export async function count(
  files: readonly string[],
  flags: CountFlags,
  context: Context,
): Promise<number> {
  const terminal = context.outputs.output.terminal !== undefined;
  const settings = resolveCount(files, flags, terminal);
  const { config, log } = settings;
  const create = (around: Surroundings) => createCounting(config, around);
  const run = await Run.create({ log, isBatch: true, create }, context);
  run.open();
  await run.openSources();
  if (readsKeyboard(settings)) run.log.info('Lines are read from the keyboard, until Ctrl-D.');
  const outcome = await run.toEnd();
  warnOfRejected(run.log, config, outcome.totals);
  return run.close(outcome);
}

/** Then it would look as if it hung. */
function readsKeyboard({ config }: Settings): boolean {
  return config.sources.some(({ kind }) => kind === 'standard-input') && isatty(0);
}
