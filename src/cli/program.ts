/**
 * From `argv` to what it asks for. Pure: it prints nothing and ends nothing. Flags get no defaults
 * here; see `flags.ts`.
 */
import { createRequire } from 'node:module';
import type * as commander from 'commander';
import { LogwinError } from '../core/errors.js';
import { agentArguments } from './agent/agent-arguments.js';
import { AGENT_OPTIONS, type AgentFlags } from './agent/agent-flags.js';
import { DEMO_DEFAULTS, FORWARD_DEFAULTS, WATCH_DEFAULTS } from './defaults.js';
import {
  AGENT_EXAMPLES,
  COUNT_EXAMPLES,
  DEMO_EXAMPLES,
  EXAMPLES,
  FORWARD_EXAMPLES,
  WATCH_EXAMPLES,
} from './examples.js';
import type { CountFlags, ForwardFlags, Invocation, WatchFlags } from './flags.js';
import {
  COUNT_OPTIONS,
  DEMO_OPTIONS,
  type Defaults,
  FORWARD_OPTIONS,
  helpOf,
  type OptionGroup,
  type OptionText,
  WATCH_OPTIONS,
} from './options.js';

/** `import` takes three times as long where a package is CommonJS within. */
const require = createRequire(import.meta.url);
const { Command, CommanderError, Option }: typeof commander = require('commander');

type Command = commander.Command;

/**
 * `args` is without the program itself; `columns` is how wide the help may be. Throws
 * `LogwinError('usage')` for an unknown command or option, or an argument too many or too few.
 */
export function parseArguments(args: readonly string[], columns: number): Invocation {
  const help: string[] = [];
  let invocation: Invocation | undefined;
  const program = define(help, columns, (found) => {
    invocation = found;
  });
  try {
    program.parse(argumentsOf(args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw usageError(error, args);
  }
  return invocation ?? { command: 'help', text: help.join('') };
}

const COMMANDS = ['watch', 'count', 'forward', 'agent', 'demo'];

/** What Flume's command takes, this one does. */
function argumentsOf([command, ...rest]: readonly string[]): string[] {
  if (command === undefined) return [];
  return [command, ...(command === 'agent' ? agentArguments(rest) : rest)];
}

type Found = (invocation: Invocation) => void;

function define(help: string[], columns: number, found: Found): Command {
  const program = new Command('logwin')
    .description('Counts the requests of web-server logs over a sliding window.')
    .exitOverride()
    // Else a command would take the options of the program for its own.
    .enablePositionalOptions()
    .configureOutput({
      writeOut: (text) => help.push(text),
      writeErr: () => {},
      getOutHelpWidth: () => columns,
      getOutHasColors: () => false,
    })
    // Answered before this is loaded; here for the help.
    .option('-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES);
  defineWatch(program, found);
  defineCount(program, found);
  defineForward(program, found);
  defineAgent(program, found);
  defineDemo(program, found);
  return program;
}

function defineWatch(program: Command, found: Found): void {
  const command = program
    .command('watch')
    .summary('count over a sliding window and print at every slide, until stopped')
    .description('Counts over a sliding window and prints the top rows at every slide.')
    .argument(
      '<source...>',
      "a directory that logs are dropped into, '-', avro://HOST:PORT or flume+pull://HOST:PORT",
    )
    .addHelpText('after', WATCH_EXAMPLES)
    .action((sources: string[], flags: WatchFlags) => found({ command: 'watch', sources, flags }));
  addOptions(command, WATCH_OPTIONS, WATCH_DEFAULTS);
}

function defineCount(program: Command, found: Found): void {
  const command = program
    .command('count')
    .summary('count files or standard input once, print once, exit')
    .description('Counts files or standard input once, prints once and exits.')
    .argument('[file...]', "files to count; none, or '-', is standard input")
    .addHelpText('after', COUNT_EXAMPLES)
    .action((files: string[], flags: CountFlags) => found({ command: 'count', files, flags }));
  addOptions(command, COUNT_OPTIONS, WATCH_DEFAULTS);
}

function defineForward(program: Command, found: Found): void {
  const command = program
    .command('forward')
    .summary('send what comes on to Flume, Spark or another logwin, without counting')
    .description('Sends events on to where Flume or Spark take them, and retires what has arrived.')
    .argument(
      '<source...>',
      'as of watch: a directory, -, avro://HOST:PORT, flume+pull://HOST:PORT',
    )
    .addHelpText('after', FORWARD_EXAMPLES)
    .action((sources: string[], flags: ForwardFlags) =>
      found({ command: 'forward', sources, flags }),
    );
  addOptions(command, FORWARD_OPTIONS, FORWARD_DEFAULTS);
}

function defineAgent(program: Command, found: Found): void {
  const command = program
    .command('agent')
    .summary("run a Flume agent's configuration file")
    .description("Runs the sources, channels and sinks of a Flume agent's configuration file.")
    .addHelpText('after', AGENT_EXAMPLES)
    .action((flags: AgentFlags) => found({ command: 'agent', flags }));
  addOptions(command, AGENT_OPTIONS, {});
}

function defineDemo(program: Command, found: Found): void {
  const command = program
    .command('demo')
    .summary('watch generated traffic, with nothing to set up')
    .description('Watches generated traffic, dropped as files into a temporary directory.')
    .addHelpText('after', DEMO_EXAMPLES)
    .action((flags: WatchFlags) => found({ command: 'demo', flags }));
  addOptions(command, DEMO_OPTIONS, DEMO_DEFAULTS);
}

function addOptions(command: Command, groups: readonly OptionGroup[], defaults: Defaults): void {
  for (const { heading, options } of groups) {
    for (const text of options) command.addOption(toOption(text, defaults).helpGroup(heading));
  }
}

function toOption(text: OptionText, defaults: Defaults): commander.Option {
  const option = new Option(text.flags, helpOf(text, defaults)).hideHelp(text.hidden ?? false);
  if (!text.repeatable) return option;
  return option.argParser((value: string, given: readonly string[] = []) => [...given, value]);
}

/** What commander says, as one line, with where to read more. */
function usageError(error: commander.CommanderError, args: readonly string[]): LogwinError {
  if (error.code === 'commander.help') {
    const message = args.length === 0 ? 'no command is given' : 'there is no such command';
    return new LogwinError('usage', message, "see 'logwin --help'");
  }
  const message = error.message.replace(/^error: |\.$/g, '').replace(/\s*\n\s*/g, ' ');
  const command = COMMANDS.find((name) => name === args[0]);
  const help = command === undefined ? 'logwin --help' : `logwin ${command} --help`;
  return new LogwinError('usage', message, `see '${help}'`);
}
