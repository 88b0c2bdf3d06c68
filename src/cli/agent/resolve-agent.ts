/**
 * From the options of `agent` and what its files say to what will be done. Nothing but `read` looks
 * outside, so that all of it is judged before anything is opened.
 */
import { join } from 'node:path';
import type { StateConfig } from '../../core/config.js';
import { LogwinError } from '../../core/errors.js';
import type { ForwardConfig } from '../../core/forward-config.js';
import { type LogSettings, logSettings } from '../log-settings.js';
import { agentEntries } from './agent-entries.js';
import { filesOf, readProperties } from './agent-files.js';
import { type AgentFlags, REFUSED } from './agent-flags.js';
import { Findings, type Note, noteText } from './findings.js';
import {
  hasPlainVariables,
  javaProperties,
  judgeProperties,
  ROOT_LOGGER,
} from './java-properties.js';
import { judgeAgent } from './judge-agent.js';
import type { AgentEnvironment, Judging } from './judging.js';
import { rootLoggerLevel } from './log-level.js';

export interface AgentSettings {
  readonly config: ForwardConfig;
  /** To be said at the start. */
  readonly notes: readonly Note[];
  readonly log: LogSettings;
}

/** The bytes of a file. Throws what the system says. */
export type ReadFile = (path: string) => Uint8Array;

/** Throws `LogwinError('usage')` with every fault that there is, each with its line. */
export function resolveAgent(
  flags: AgentFlags,
  read: ReadFile,
  environment: AgentEnvironment,
): AgentSettings {
  const { config, findings, log } = judge(flags, { read, environment });
  const { faults, notes } = findings;
  if (config !== undefined && faults.length === 0) return { config, notes, log };
  if (faults.length === 1) throw new LogwinError('usage', faults[0]);
  const message = `the agent cannot be run: ${faults.length} faults`;
  throw new LogwinError('usage', message, undefined, faults);
}

/** What `--check` prints, and the exit code. */
export function checkAgent(
  flags: AgentFlags,
  read: ReadFile,
  environment: AgentEnvironment,
): { readonly text: string; readonly code: 0 | 2 } {
  const { faults, notes } = judge(flags, { read, environment }).findings;
  const lines = [
    ...faults.map((fault) => `fault: ${fault}`),
    ...notes.map((note) => `note: ${noteText(note)}`),
    faults.length === 0
      ? 'The agent can be run; directories, certificates and ports are looked at when it is.'
      : 'The agent cannot be run.',
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), code: faults.length === 0 ? 0 : 2 };
}

interface Judgement {
  readonly config: ForwardConfig | undefined;
  readonly findings: Findings;
  readonly log: LogSettings;
}

function judge(flags: AgentFlags, around: Omit<Judging, 'findings'>): Judgement {
  const findings = new Findings();
  const judging = { ...around, findings };
  refuseFlags(flags, findings);
  const properties = javaProperties(flags, around.environment);
  const log = logOf(flags, properties, findings);
  const files = filesOf(flags, findings);
  const { variables, now } = around.environment;
  const plainVariables = hasPlainVariables(properties);
  const raw = readProperties(files, judging);
  const lookups = { variables, properties, plainVariables, now };
  const { entries, used } = agentEntries(raw, lookups, findings);
  judgeProperties(flags, used, findings);
  noteWhatIsNotUsed(flags, judging);
  const name = nameOf(flags, findings);
  const isReadable = files.length > 0 && (raw.length > 0 || findings.faults.length === 0);
  if (name === undefined || !isReadable) return { config: undefined, findings, log };
  const request = { name, entries, files: files.join(', '), state: stateOf(flags, findings) };
  return { config: judgeAgent(request, judging), findings, log };
}

function refuseFlags(flags: AgentFlags, findings: Findings): void {
  for (const { option, flag, remedy } of REFUSED) {
    const given = flags[flag];
    if (given === undefined || given === false) continue;
    const shown = flag === 'X' && Array.isArray(given) ? `-X${given[0]}` : longName(option.flags);
    findings.fault(undefined, `${shown} is not supported`, remedy);
  }
}

/** `--classpath` of `-C, --classpath <path>`. */
function longName(flags: string): string {
  return /--[\w-]+/.exec(flags)?.[0] ?? flags;
}

/** Throws `LogwinError('usage')` for `--log-level` and `--log-file`. */
function logOf(
  flags: AgentFlags,
  properties: ReadonlyMap<string, string>,
  findings: Findings,
): LogSettings {
  const root = properties.get(ROOT_LOGGER);
  const level = root === undefined ? undefined : rootLoggerLevel(root, findings);
  if (root !== undefined && flags.logLevel !== undefined) {
    const text = `--log-level and -D${ROOT_LOGGER} both say how much is logged`;
    findings.fault(undefined, text, 'leave one of them out');
  }
  const { logLevel = level ?? 'info', logFile } = flags;
  return logSettings(logFile === undefined ? { logLevel } : { logLevel, logFile });
}

function nameOf({ name }: AgentFlags, findings: Findings): string | undefined {
  if (name !== undefined && name !== '') return name;
  findings.fault(undefined, 'no agent is named', 'name it with --name <agent>');
  return undefined;
}

/** Undefined where nothing is said. */
function stateOf({ state }: AgentFlags, findings: Findings): StateConfig | undefined {
  if (state === undefined) return undefined;
  if (state === false) return { kind: 'none' };
  if (state === '' || state.startsWith('-')) {
    findings.fault(undefined, `--state '${state}' is no directory`, 'name one');
  }
  return { kind: 'directory', directory: state };
}

/** What Flume looks for in the directory of `--conf`. */
const OF_FLUME = ['flume-env.sh', 'log4j.properties', 'log4j2.xml'];

function noteWhatIsNotUsed(flags: AgentFlags, { findings, read }: Judging): void {
  findings.note('The configuration is read once; what changes in it later needs a restart.');
  if (flags.pollInterval !== undefined) {
    findings.note('So this is not used.', { option: `--poll-interval ${flags.pollInterval}` });
  }
  const { conf } = flags;
  if (conf === undefined) return;
  const there = OF_FLUME.filter((name) => canBeRead(read, join(conf, name)));
  findings.note('Nothing of this directory is used: there is no Java here, nor log4j.', {
    option: `--conf ${conf}`,
    files: there.length === 0 ? 'none of them are there' : there.join(', '),
  });
}

function canBeRead(read: ReadFile, path: string): boolean {
  try {
    read(path);
    return true;
  } catch {
    // Whatever the reason, it is not used either way.
    return false;
  }
}
