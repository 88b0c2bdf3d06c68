import { readFileSync } from 'node:fs';
import { createForward, forwardToEnd } from '../forward/forward.js';
import type { Context } from '../run.js';
import { agentEnvironment } from './agent-environment.js';
import type { AgentFlags } from './agent-flags.js';
import { checkAgent, resolveAgent } from './resolve-agent.js';

/** Runs `logwin agent`. Resolves with the exit code. */
export async function agent(flags: AgentFlags, context: Context): Promise<number> {
  const environment = agentEnvironment();
  if (flags.check) {
    const { text, code } = checkAgent(flags, readFileSync, environment);
    context.outputs.output.append(() => text);
    return code;
  }
  const { notes, ...settings } = resolveAgent(flags, readFileSync, environment);
  const run = await createForward(settings, context);
  run.open();
  for (const { message, fields } of notes) run.log.info(message, fields);
  return forwardToEnd(run, settings.config);
}
