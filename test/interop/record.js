/**
 * `npm run record:wire`: has real programs talk to each other, and keeps what went over the wire in
 * `fixtures/wire`, both directions. What they send is generated. Needs Java, Maven and a build.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createTraffic } from '../../dist/traffic/traffic.js';
import {
  agentFile,
  freePort,
  SOURCE_STARTED,
  SPARK_SINK_STARTED,
  startAgent,
} from './peers/flume.js';
import { JavaProcess, killAll } from './peers/java.js';
import { RecordingProxy } from './peers/recording-proxy.js';

/** @typedef {import('./peers/flume.js').Settings} Settings */

const FIXTURES = join(import.meta.dirname, '../../fixtures/wire');
const TIME = Date.UTC(2026, 10, 22, 8);
/** It is in the header `file`. */
const SPOOL = join(tmpdir(), 'logwin-wire', 'spool');

const HEADERS = {
  fileHeader: true,
  interceptors: 'timestampInterceptor',
  'interceptors.timestampInterceptor.type': 'timestamp',
};
const NO_WAIT = { 'keep-alive': 1 };

/** @type {Record<string, { lines: number, batch: number, source?: Settings, sink?: Settings, receiver?: Settings }>} */
const PUSHES = {
  'push-plain': { lines: 9, batch: 3 },
  'push-course-headers': { lines: 12, batch: 100, source: HEADERS },
  'push-deflate': {
    lines: 9,
    batch: 3,
    sink: { 'compression-type': 'deflate' },
    receiver: { 'compression-type': 'deflate' },
  },
  // Longer than one of the buffers that a frame is cut into.
  'push-many-buffers': { lines: 60, batch: 100 },
};

const work = mkdtempSync(join(tmpdir(), 'logwin-record-'));
try {
  mkdirSync(FIXTURES, { recursive: true });
  for (const [name, push] of Object.entries(PUSHES)) await recordPush(name, push);
  await recordPull('pull', 12, ['get:3', 'ack', 'get:3', 'nack', 'get:3', 'ack', 'get:100', 'ack']);
} finally {
  killAll();
  for (const directory of [work, join(SPOOL, '..')]) {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * A file in the spool directory of an agent, whose Avro sink sends to another agent's Avro source.
 * @param {string} name
 * @param {typeof PUSHES[string]} push
 */
async function recordPush(name, { lines, batch, source, sink, receiver }) {
  const port = await freePort();
  const received = join(work, `${name}.received`);
  const server = startAgent(
    'flume-1.11',
    join(work, `${name}-server`),
    agentFile({
      source: { type: 'avro', bind: '127.0.0.1', port, ...receiver },
      channel: NO_WAIT,
      sink: { type: 'interop.RecordingSink', file: received },
    }),
  );
  await server.says(SOURCE_STARTED);
  const proxy = new RecordingProxy(port);
  drop(lines);
  const client = startAgent(
    'flume-1.11',
    join(work, `${name}-client`),
    agentFile({
      source: { type: 'spooldir', spoolDir: SPOOL, ...source },
      channel: NO_WAIT,
      sink: {
        type: 'avro',
        hostname: '127.0.0.1',
        port: await proxy.listen(),
        'batch-size': batch,
        ...sink,
      },
    }),
  );
  await until(() => readFileSync(received, 'latin1').split('\n').length > lines);
  await client.stop();
  await server.stop();
  proxy.close();
  keep(name, proxy);
}

/**
 * A file in the spool directory of an agent, from whose SparkSink the calls are made.
 * @param {string} name
 * @param {number} lines
 * @param {readonly string[]} calls
 */
async function recordPull(name, lines, calls) {
  const port = await freePort();
  drop(lines);
  const server = startAgent(
    'flume-1.9-sparksink',
    join(work, `${name}-server`),
    agentFile({
      source: { type: 'spooldir', spoolDir: SPOOL, ...HEADERS },
      channel: NO_WAIT,
      sink: {
        type: 'org.apache.spark.streaming.flume.sink.SparkSink',
        hostname: '127.0.0.1',
        port,
      },
    }),
  );
  await server.says(SPARK_SINK_STARTED);
  const proxy = new RecordingProxy(port);
  const args = ['127.0.0.1', String(await proxy.listen()), ...calls];
  const client = new JavaProcess('flume-1.9-sparksink', 'interop.Pull', args);
  if ((await client.exited) !== 0) throw new Error(client.said);
  await server.stop();
  proxy.close();
  keep(name, proxy);
}

/** @param {number} lines */
function drop(lines) {
  rmSync(SPOOL, { recursive: true, force: true });
  mkdirSync(SPOOL, { recursive: true });
  const traffic = createTraffic({ seed: 1, urls: 20, skew: 1, odd: 0 });
  writeFileSync(join(SPOOL, '.access.log'), traffic.lines(lines, TIME));
  renameSync(join(SPOOL, '.access.log'), join(SPOOL, 'access.log'));
}

/** @param {string} name @param {RecordingProxy} proxy */
function keep(name, { exchanges }) {
  if (exchanges.length !== 1)
    throw new Error(`${name}: there were ${exchanges.length} connections.`);
  const [{ toServer, toClient }] = exchanges;
  writeFileSync(join(FIXTURES, `${name}.to-server.bin`), toServer);
  writeFileSync(join(FIXTURES, `${name}.to-client.bin`), toClient);
  process.stdout.write(`${name}: ${toServer.length} bytes, answered with ${toClient.length}\n`);
}

/** @param {() => boolean} holds */
async function until(holds) {
  for (const deadline = Date.now() + 30_000; !holds(); await pause(50)) {
    if (Date.now() > deadline) throw new Error(`It never came: ${holds}`);
  }
}
