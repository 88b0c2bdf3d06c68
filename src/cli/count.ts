import { isatty } from 'node:tty';
import type { CountFlags } from './flags.js';
import { resolveCount } from './resolve.js';
import { type Context, Run } from './run.js';
import { warnOfRejected } from './totals.js';

/** Runs `logwin count`. Resolves with the exit code. */
export async function count(
  files: readonly string[],
  flags: CountFlags,
  context: Context,
): Promise<number> {
  const terminal = context.outputs.output.terminal !== undefined;
  const run = await Run.create(resolveCount(files, flags, terminal), context);
  run.open();
  await run.openSources();
  hintAtKeyboard(run);
  const outcome = await run.toEnd();
  warnOfRejected(run.log, run.settings.config, outcome.totals);
  return run.close(outcome);
}

/** Else it would look as if it hung. */
function hintAtKeyboard({ settings, log }: Run): void {
  const reads = settings.config.sources.some(({ kind }) => kind === 'standard-input');
  if (reads && isatty(0)) log.info('Lines are read from the keyboard, until Ctrl-D.');
}
