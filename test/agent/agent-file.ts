/** Agents' configurations as texts, and what is made of them. */
import type { AgentFlags } from '../../src/cli/agent/agent-flags.js';
import { noteText } from '../../src/cli/agent/findings.js';
import type { AgentEnvironment } from '../../src/cli/agent/judging.js';
import { type AgentSettings, resolveAgent } from '../../src/cli/agent/resolve-agent.js';
import { LogwinError, systemError } from '../../src/core/errors.js';

export const ENVIRONMENT: AgentEnvironment = {
  variables: { HOME: '/home/u', NC_PORT: '44444', INNER: 'NC_PORT' },
  hostName: 'host.example',
  hostAddress: '192.0.2.7',
  now: new Date(2026, 10, 2, 13, 4, 5, 6),
};

/** Names and what is in them; anything else cannot be read. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** `x.conf` is the configuration, and its agent a1, unless `flags` say otherwise. */
export function resolve(conf: string, flags: AgentFlags = {}, files: Files = {}): AgentSettings {
  const all: Files = { 'x.conf': Buffer.from(conf, 'latin1'), ...files };
  const read = (path: string): Uint8Array => {
    const found = Object.hasOwn(all, path) ? all[path] : undefined;
    if (found === undefined) throw systemError('ENOENT', `ENOENT: no such file, open '${path}'`);
    return Buffer.from(found);
  };
  return resolveAgent({ name: 'a1', confFile: ['x.conf'], ...flags }, read, ENVIRONMENT);
}

/** Every fault, in order; none where it can be run. */
export function faults(conf: string, flags?: AgentFlags, files?: Files): readonly string[] {
  try {
    resolve(conf, flags, files);
    return [];
  } catch (error) {
    if (!(error instanceof LogwinError) || error.code !== 'usage') throw error;
    return error.findings.length > 0 ? error.findings : [error.message];
  }
}

/** As `--check` shows them. */
export function notes(conf: string, flags?: AgentFlags, files?: Files): readonly string[] {
  return resolve(conf, flags, files).notes.map(noteText);
}

const COMPONENT = { source: 'a1.sources.r1', channel: 'a1.channels.c1', sink: 'a1.sinks.k1' };

interface Parts {
  readonly source?: readonly string[];
  readonly channel?: readonly string[];
  readonly sink?: readonly string[];
  readonly more?: readonly string[];
}

/**
 * One source, one channel, one sink, each as lines without their beginning: `spoolDir = x`. What is not
 * given is the simplest: netcat, memory, null. The first line of the source is line 4.
 */
export function agent({ source, channel, sink, more = [] }: Parts): string {
  const lines = (path: string, given: readonly string[]): string[] =>
    given.map((line) => `${path}.${line}`);
  return [
    'a1.sources = r1',
    'a1.channels = c1',
    'a1.sinks = k1',
    ...lines(COMPONENT.source, [
      ...(source ?? ['type = netcat', 'bind = localhost', 'port = 1']),
      'channels = c1',
    ]),
    ...lines(COMPONENT.channel, ['type = memory', ...(channel ?? [])]),
    ...lines(COMPONENT.sink, [...(sink ?? ['type = null']), 'channel = c1']),
    ...more,
  ].join('\n');
}

export const SPOOL = ['type = spooldir', 'spoolDir = in'];
export const AVRO_SINK = ['type = avro', 'hostname = far', 'port = 9092'];
export const AVRO_SOURCE = ['type = avro', 'bind = 0.0.0.0', 'port = 4141'];
