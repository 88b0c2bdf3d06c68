import type { Disposal, PipelineConfig, SourceConfig } from '../core/config.js';
import { formatDuration } from '../core/duration.js';
import type { LogFields } from '../core/logger.js';
import { createCounting, type Outcome } from '../pipeline.js';
import type { WatchFlags } from './flags.js';
import { resolveWatch, type Settings } from './resolve.js';
import { type Context, Run } from './run.js';
import { sourceName } from './sources.js';
import { totalsFields, warnOfRejected } from './totals.js';

/** Runs `logwin watch`. Resolves with the exit code. */
export async function watch(
  sources: readonly string[],
  flags: WatchFlags,
  context: Context,
): Promise<number> {
  const terminal = context.outputs.output.terminal !== undefined;
  const settings = resolveWatch(sources, flags, terminal);
  const run = await createWatch(settings, context);
  run.open();
  return watchToEnd(run, settings);
}

/** Rejects with `LogwinError('usage')` where window and slide do not fit. */
export function createWatch({ config, log }: Settings, context: Context): Promise<Run<Outcome>> {
  const isBatch = config.mode === 'once';
  return Run.create({ log, isBatch, create: (around) => createCounting(config, around) }, context);
}

/** Says what is watched, runs to the end, and says what came of it. Resolves with the exit code. */
export async function watchToEnd(run: Run<Outcome>, { config }: Settings): Promise<number> {
  const { log } = run;
  await run.openSources();
  log.info(
    config.mode === 'once' ? 'What is there is counted.' : 'Watching begins.',
    watched(config),
  );
  const outcome = await run.toEnd();
  if (config.mode === 'once') warnOfRejected(log, config, outcome.totals);
  log.info('The run has ended.', totalsFields(outcome.totals));
  return run.close(outcome);
}

function watched({ sources, window, slide, mode }: PipelineConfig): LogFields {
  const times = {
    window: window === 'all' ? 'all' : formatDuration(window),
    slide: formatDuration(slide),
  };
  return {
    sources: sources.map(sourceName).join(' '),
    ...(mode === 'watch' ? times : {}),
    ...after(sources),
  };
}

/** All directories of a run have the same; standard input has none. */
function after(sources: readonly SourceConfig[]): LogFields {
  const spool = sources.find((source) => source.kind === 'spool');
  return spool === undefined ? {} : { after: disposalName(spool.after) };
}

function disposalName(disposal: Disposal): string {
  return disposal.kind === 'move' ? `move:${disposal.directory}` : disposal.kind;
}
