/** Flume agents: their files, and their start. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { JavaProcess } from './java.js';

/** @typedef {Record<string, string | number | boolean>} Settings */

/**
 * The text of an agent file with one source, one channel and one sink: `a1`, with `r1`, `c1` and `k1`.
 * @param {{ source: Settings, channel?: Settings, sink: Settings }} parts
 */
export function agentFile({ source, channel = {}, sink }) {
  const memory = { type: 'memory', capacity: 10_000, transactionCapacity: 1000, ...channel };
  return [
    'a1.sources = r1',
    'a1.channels = c1',
    'a1.sinks = k1',
    ...entries('a1.sources.r1', { ...source, channels: 'c1' }),
    ...entries('a1.channels.c1', memory),
    ...entries('a1.sinks.k1', { ...sink, channel: 'c1' }),
    '',
  ].join('\n');
}

/** @param {string} prefix @param {Settings} settings */
function entries(prefix, settings) {
  return Object.entries(settings).map(([key, value]) => `${prefix}.${key} = ${value}`);
}

/**
 * Starts an agent named `a1`; it says `SOURCE, name: r1 started` when it takes events.
 * @param {'flume-1.11' | 'flume-1.9-sparksink'} peer
 * @param {string} directory for its file and what it keeps
 * @param {string} text of its file
 * @param {import('./java.js').JavaOptions} options
 */
export function startAgent(peer, directory, text, { flags = [], ...options } = {}) {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, 'agent.conf');
  writeFileSync(file, text);
  const args = ['--conf-file', file, '--name', 'a1', '--no-reload-conf'];
  return new JavaProcess(peer, 'org.apache.flume.node.Application', args, {
    ...options,
    // File channels keep things below it.
    flags: [`-Duser.home=${directory}`, ...flags],
  });
}

export const SOURCE_STARTED = /SOURCE, name: r1 started/;
export const SINK_STARTED = /SINK, name: k1 started/;
export const SPARK_SINK_STARTED = 'Starting Avro server for sink: k1';

/** A port that nobody listens at just now. */
export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}
