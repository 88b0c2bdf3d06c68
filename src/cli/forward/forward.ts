import { hostname } from 'node:os';
import type { ForwardConfig } from '../../core/forward-config.js';
import type { LogFields } from '../../core/logger.js';
import { createForwarding, type ForwardOutcome, type Surroundings } from '../../pipeline.js';
import type { ForwardFlags } from '../flags.js';
import { type Context, Run } from '../run.js';
import { sourceName } from '../sources.js';
import { type ForwardSettings, resolveForward } from './resolve-forward.js';

/** Runs `logwin forward`. Resolves with the exit code. */
export async function forward(
  sources: readonly string[],
  flags: ForwardFlags,
  context: Context,
): Promise<number> {
  const settings = resolveForward(sources, flags, hostname());
  const run = await createForward(settings, context);
  run.open();
  return forwardToEnd(run, settings.config);
}

export function createForward(
  { config, log }: ForwardSettings,
  context: Context,
): Promise<Run<ForwardOutcome>> {
  const create = (around: Surroundings) => createForwarding(config, around);
  return Run.create({ log, isBatch: false, create }, context);
}

/** Says what is forwarded, runs to the end, and says what came of it. Resolves with the exit code. */
export async function forwardToEnd(
  run: Run<ForwardOutcome>,
  config: ForwardConfig,
): Promise<number> {
  await run.openSources();
  run.log.info('Forwarding begins.', forwarded(config));
  const outcome = await run.toEnd();
  run.log.info('The run has ended.', { lines: outcome.lines, perhapsTwice: outcome.perhapsTwice });
  return run.close(outcome);
}

function forwarded({ sources, sinks }: ForwardConfig): LogFields {
  return {
    sources: sources.map(({ source }) => sourceName(source)).join(' '),
    to: sinks.map(({ name }) => name).join(' '),
  };
}
