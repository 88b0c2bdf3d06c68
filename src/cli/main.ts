/** The program: from `argv` to an exit code. */
import { systemClock } from '../core/clock.js';
import { LogwinError } from '../core/errors.js';
import { printable } from '../core/escape.js';
import type { Writer } from '../core/output/writer.js';
import type { Invocation } from './flags.js';
import { openOutputs } from './outputs.js';
import { parseArguments } from './program.js';
import type { Context } from './run.js';

/** A bug (EX_SOFTWARE of sysexits.h). */
const BUG = 70;

/** The width of the help off a terminal. */
const USUAL_COLUMNS = 80;

/**
 * Resolves with the exit code when all that is to be written was written. The caller ends the
 * process with it: what may still be under way does not matter any more.
 */
export async function main(args: readonly string[]): Promise<number> {
  const context = { clock: systemClock, outputs: openOutputs(systemClock) };
  const { outputs } = context;
  let code: number;
  try {
    const columns = outputs.output.terminal?.columns ?? USUAL_COLUMNS;
    code = await Promise.race([obey(parseArguments(args, columns), context), crash()]);
  } catch (error) {
    code = report(error, outputs.error);
  }
  await outputs.drain();
  return code;
}

/** Each command loads what it needs, and `help` nothing: that is half of the time to start. */
async function obey(invocation: Invocation, context: Context): Promise<number> {
  switch (invocation.command) {
    case 'watch': {
      const { watch } = await import('./watch.js');
      return watch(invocation.sources, invocation.flags, context);
    }
    case 'count': {
      const { count } = await import('./count.js');
      return count(invocation.files, invocation.flags, context);
    }
    case 'forward': {
      const { forward } = await import('./forward/forward.js');
      return forward(invocation.sources, invocation.flags, context);
    }
    case 'agent': {
      const { agent } = await import('./agent/agent.js');
      return agent(invocation.flags, context);
    }
    case 'demo': {
      const { demo } = await import('./demo.js');
      return demo(invocation.flags, context);
    }
    case 'help':
      context.outputs.output.append(() => invocation.text);
      return 0;
  }
}

/** Rejects with what nobody caught; Node's own exit code for that means something else here. */
function crash(): Promise<never> {
  return new Promise((_, reject) => {
    process.on('uncaughtException', reject);
  });
}

/** An expected error is one message; anything else is a bug, and should look like one. */
function report(error: unknown, to: Writer): number {
  if (error instanceof LogwinError) {
    to.line(`logwin: ${printable(error.message)}`);
    for (const finding of error.findings) to.line(`logwin: ${printable(finding)}`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  to.line('logwin: this is a bug, please report it');
  for (const line of stack.split('\n')) to.line(printable(line));
  return BUG;
}
