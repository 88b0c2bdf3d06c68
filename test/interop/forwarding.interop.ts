/** `logwin forward` sends, Flume's own Avro source receives; one of both may be killed meanwhile. */
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Run, run } from '../support/run.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';
import { endAgents, fileChannel, type Recorder, startRecorder } from './agents.js';
import { type Certificates, makeCertificates, PASSWORD } from './certificates.js';
import { drop } from './drop.js';
import { CERTIFICATES, JAVA, lacksCertificates, lacksJava } from './needs.js';
import { numberedLines } from './numbered-lines.js';
import { recordedCount, recordedEvents } from './recorded-events.js';

const PATIENCE = 80_000;
const BATCH = 200;
const directory = scratch();

function forwarding(spool: string, url: string, ...more: readonly string[]): Run {
  const to = ['--to', url, '--batch', String(BATCH), '--settle', '0'];
  return run(['forward', spool, ...to, ...more], { timeout: PATIENCE });
}

async function isFinished(spool: string): Promise<void> {
  await eventually(() => namesIn(spool).join() === 'log.COMPLETED', PATIENCE);
}

/** Resolves when so many events were written down; rejects where that were all. */
async function midway(recorder: Recorder, count: number, lines: number): Promise<void> {
  const seen = await eventually(() => {
    const recorded = recordedCount(recorder.file);
    return recorded >= count && recorded;
  }, PATIENCE);
  expect(seen).toBeLessThan(lines);
}

/** What was written down, without what came again, and how much of it did. */
function distinct(file: string): { readonly bodies: string[]; readonly again: number } {
  const bodies = recordedEvents(file).map(({ body }) => body);
  const once = [...new Set(bodies)];
  return { bodies: once, again: bodies.length - once.length };
}

async function sendAll(recorder: Recorder, url: string, ...more: readonly string[]) {
  const lines = numberedLines(20_000);
  const spool = join(directory(), 'spool');
  drop(spool, 'log', `${lines.join('\n')}\n`);
  const logwin = forwarding(spool, url, ...more);
  await isFinished(spool);
  await eventually(() => recordedCount(recorder.file) >= lines.length, PATIENCE);
  logwin.kill('SIGTERM');
  expect((await logwin.exited).code).toBe(0);
  await recorder.agent.stop();
  expect(recordedEvents(recorder.file).map(({ body }) => body)).toEqual(lines);
}

describe.skipIf(lacksJava)(`a Flume agent that receives (${JAVA})`, () => {
  endAgents();

  it('has every line once and in order', async () => {
    const recorder = await startRecorder(directory());
    await sendAll(recorder, `avro://127.0.0.1:${recorder.port}`);
  });

  it('has every line once and in order when they were deflated', async () => {
    const source = { 'compression-type': 'deflate' };
    const recorder = await startRecorder(directory(), { source });
    await sendAll(recorder, `avro://127.0.0.1:${recorder.port}?compression=deflate`);
  });

  it('has the headers that were asked for', async () => {
    const recorder = await startRecorder(directory());
    const headers = ['file', 'timestamp', 'place=here'].flatMap((header) => ['--header', header]);
    await sendAll(recorder, `avro://127.0.0.1:${recorder.port}`, ...headers);
    const [{ headers: first }] = recordedEvents(recorder.file);
    expect(first).toMatchObject({ place: 'here', timestamp: expect.stringMatching(/^\d{13}$/) });
    expect(first.file).toMatch(/\/spool\/log$/);
  });

  it('has every line though it was killed and started again, the last batch perhaps twice', async () => {
    const lines = numberedLines(60_000);
    const [spool, place] = [join(directory(), 'spool'), directory()];
    // Its memory would be gone with it; what is in files is not.
    const channel = fileChannel(place);
    const recorder = await startRecorder(place, { channel });
    drop(spool, 'log', `${lines.join('\n')}\n`);
    const logwin = forwarding(spool, `avro://127.0.0.1:${recorder.port}`);
    await midway(recorder, lines.length / 10, lines.length);
    recorder.agent.kill('SIGKILL');
    await recorder.agent.exited;
    const next = await startRecorder(place, { channel, port: recorder.port });
    await isFinished(spool);
    await eventually(() => distinct(next.file).bodies.length >= lines.length, PATIENCE);
    logwin.kill('SIGTERM');
    expect((await logwin.exited).code).toBe(0);
    await next.agent.stop();
    const { bodies, again } = distinct(next.file);
    expect(bodies).toEqual(lines);
    // One call whose answer was lost, and what our sink in it wrote and had not committed.
    expect(again).toBeLessThanOrEqual(BATCH + 1000);
  });

  it('has every line though logwin was killed five times, the latest of each time twice', async () => {
    const lines = numberedLines(300_000);
    const spool = join(directory(), 'spool');
    const recorder = await startRecorder(directory());
    drop(spool, 'log', `${lines.join('\n')}\n`);
    const url = `avro://127.0.0.1:${recorder.port}`;
    let logwin = forwarding(spool, url);
    for (let kill = 1; kill <= 5; kill += 1) {
      await midway(recorder, (lines.length * kill) / 10, lines.length);
      logwin.kill('SIGKILL');
      await logwin.exited;
      logwin = forwarding(spool, url);
    }
    await isFinished(spool);
    await eventually(() => recordedCount(recorder.file) >= lines.length, PATIENCE);
    logwin.kill('SIGTERM');
    expect((await logwin.exited).code).toBe(0);
    await recorder.agent.stop();
    const { bodies, again } = distinct(recorder.file);
    expect(bodies).toEqual(lines);
    // What came in a tenth of a second, each time. Read from the beginning, it would be half of all.
    expect(again).toBeLessThan(lines.length / 4);
  });
});

describe.skipIf(lacksCertificates)(`a Flume agent that receives over TLS (${CERTIFICATES})`, () => {
  endAgents();
  let files: Certificates;
  beforeAll(() => {
    files = makeCertificates(directory());
  });

  it.each(['none', 'deflate'])('has every line once and in order, compression %s', async (type) => {
    const keys = { keystore: files.keyStore, 'keystore-password': PASSWORD };
    const source = { ssl: true, ...keys, 'compression-type': type };
    const recorder = await startRecorder(directory(), { source });
    const place = `avro://127.0.0.1:${recorder.port}`;
    await sendAll(recorder, `${place}?compression=${type}&ca=${files.ca}`);
  });
});
