/** Flume's own Avro sink sends, `logwin watch avro://…` counts. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { lastSnapshot, type ReadSnapshot } from '../support/read-back.js';
import { type Run, run } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { endAgents } from './agents.js';
import { type Certificates, makeCertificates, PASSWORD } from './certificates.js';
import { courseAnswer, courseFile, courseLog } from './course.js';
import { drop } from './drop.js';
import { CERTIFICATES, COURSE, lacksCertificates, lacksCourse } from './needs.js';
import { freePort, startAgent } from './peers/flume.js';

const PATIENCE = 60_000;
const directory = scratch();

/** A `watch` that listens, with what the layers of its URL ask for. */
async function watching(parameters = ''): Promise<{ readonly logwin: Run; readonly port: number }> {
  const port = await freePort();
  const url = `avro://127.0.0.1:${port}${parameters}`;
  const args = ['watch', url, '--window', '300', '--slide', '1', '-o', 'ndjson', '--no-state'];
  const logwin = run(args, { timeout: PATIENCE });
  await logwin.until(({ stderr }) => stderr.includes('Watching begins.'));
  return { logwin, port };
}

/** The first snapshot that has so many lines, and that no more come. */
async function snapshotOf(logwin: Run, lines: number): Promise<ReadSnapshot | undefined> {
  const has = (text: string) => {
    const last = lastSnapshot(text);
    return last !== undefined && last.total + last.rejected >= lines;
  };
  await logwin.until(({ stdout }) => has(stdout));
  logwin.kill('SIGTERM');
  const { code, stdout } = await logwin.exited;
  expect(code).toBe(0);
  return lastSnapshot(stdout);
}

/** The course log through an agent of the notes, with what is added to its file. */
async function countedThroughFlume(parameters: string, more: string): Promise<unknown> {
  const spool = join(directory(), 'spool');
  drop(spool, 'access_log.txt', courseLog());
  const { logwin, port } = await watching(parameters);
  startAgent('flume-1.11', directory(), courseFile(spool, port, more));
  return snapshotOf(logwin, courseAnswer().lines);
}

const LARGE_BATCHES = [
  'a1.sources.r1.batchSize = 1000',
  'a1.sinks.k1.batch-size = 1000',
  'a1.channels.c1.capacity = 10000',
  'a1.channels.c1.transactionCapacity = 1000',
];
const DEFLATE = 'a1.sinks.k1.compression-type = deflate';

describe.skipIf(lacksCourse)(`Flume's sink with the course log (${COURSE})`, () => {
  endAgents();

  it('gives the ten rows of the notes, with the agent file of the notes', async () => {
    expect(await countedThroughFlume('', '')).toMatchObject(courseAnswer().snapshot);
  });

  it('gives the same rows deflated, in batches of a thousand', async () => {
    const more = [...LARGE_BATCHES, DEFLATE].join('\n');
    const snapshot = await countedThroughFlume('?compression=deflate', more);
    expect(snapshot).toMatchObject(courseAnswer().snapshot);
  });
});

describe.skipIf(lacksCourse || lacksCertificates)(`the same over TLS (${CERTIFICATES})`, () => {
  endAgents();
  let files: Certificates;
  beforeAll(() => {
    files = makeCertificates(directory());
  });

  const trusting = () => [
    'a1.sinks.k1.ssl = true',
    `a1.sinks.k1.truststore = ${files.trustStore}`,
    `a1.sinks.k1.truststore-password = ${PASSWORD}`,
  ];

  it('gives the same rows', async () => {
    const more = [...LARGE_BATCHES, ...trusting()].join('\n');
    const snapshot = await countedThroughFlume(`?cert=${files.cert}&key=${files.key}`, more);
    expect(snapshot).toMatchObject(courseAnswer().snapshot);
  });

  it('gives the same rows deflated', async () => {
    const more = [...LARGE_BATCHES, ...trusting(), DEFLATE].join('\n');
    const parameters = `?compression=deflate&cert=${files.cert}&key=${files.key}`;
    expect(await countedThroughFlume(parameters, more)).toMatchObject(courseAnswer().snapshot);
  });

  it('takes nothing where a certificate is asked for, since a sink of Flume has none', async () => {
    const spool = join(directory(), 'spool');
    drop(spool, 'access_log.txt', courseLog());
    const parameters = `?cert=${files.cert}&key=${files.key}&ca=${files.ca}`;
    const { logwin, port } = await watching(parameters);
    const more = [...LARGE_BATCHES, ...trusting()].join('\n');
    const agent = startAgent('flume-1.11', directory(), courseFile(spool, port, more));
    await agent.says('Unable to deliver event');
    logwin.kill('SIGTERM');
    const { code, stdout } = await logwin.exited;
    expect(code).toBe(0);
    expect(lastSnapshot(stdout)).toMatchObject({ total: 0, rejected: 0 });
  });
});
