/** `logwin agent` runs the agent files of Flume. */
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, runToEnd } from '../support/run.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';
import { endAgents, type Recorder, startRecorder } from './agents.js';
import { agentFileOf, courseFile, courseLog } from './course.js';
import { drop } from './drop.js';
import { COURSE, lacksCourse } from './needs.js';
import { freePort, startAgent } from './peers/flume.js';
import { type RecordedEvent, recordedCount, recordedEvents } from './recorded-events.js';

const PATIENCE = 60_000;
const LINES = 76_079;
const directory = scratch();

/** What a Flume agent received when `send` was given an agent file and a directory to put it. */
async function receivedFrom(
  send: (text: string, spool: string) => Promise<void>,
): Promise<{ readonly events: RecordedEvent[]; readonly path: string }> {
  const spool = join(directory(), 'spool');
  const path = drop(spool, 'access_log.txt', courseLog());
  const recorder: Recorder = await startRecorder(directory());
  await send(courseFile(spool, recorder.port), spool);
  await eventually(() => recordedCount(recorder.file) >= LINES, PATIENCE);
  // What would come too often would come before it has ended.
  await recorder.agent.stop();
  return { events: recordedEvents(recorder.file), path };
}

describe.skipIf(lacksCourse)(`the agent file of the notes (${COURSE})`, () => {
  endAgents();

  it('makes logwin send what Flume sends: the same bodies in order, and the same headers', async () => {
    const byFlume = await receivedFrom(async (text) => {
      startAgent('flume-1.11', directory(), text);
    });
    const ours = await receivedFrom(async (text, spool) => {
      const file = drop(directory(), 'agent.conf', text);
      const logwin = run(['agent', '--conf-file', file, '--name', 'a1'], { timeout: PATIENCE });
      await eventually(() => namesIn(spool)[0] === 'access_log.txt.COMPLETED', PATIENCE);
      logwin.kill('SIGTERM');
      expect((await logwin.exited).code).toBe(0);
    });
    expect(ours.events.length).toBe(LINES);
    expect(ours.events.map(({ body }) => body)).toEqual(byFlume.events.map(({ body }) => body));
    for (const { events, path } of [byFlume, ours]) {
      const odd = events.filter(
        ({ headers }) =>
          Object.keys(headers).join() !== 'file,timestamp' ||
          headers.file !== path ||
          !/^[0-9]{13}$/.test(headers.timestamp),
      );
      expect(odd).toEqual([]);
    }
  });
});

describe.skipIf(lacksCourse)(`other agent files (${COURSE})`, () => {
  it('has netcat answer OK to a line, and the logger show it', async () => {
    const port = await freePort();
    const text = agentFileOf('example.conf').replace('44444', String(port));
    const file = drop(directory(), 'example.conf', text);
    const args = ['-n', 'a1', '-f', file, '--conf', 'conf', '-Dflume.root.logger=INFO,console'];
    const logwin = run(['agent', ...args]);
    await logwin.until(({ stderr }) => stderr.includes(' begins.'));
    expect(await answerTo(port, 'GET /first\n')).toBe('OK\n');
    await logwin.until(({ stderr }) => stderr.includes('GET /first'));
    logwin.kill('SIGTERM');
    expect((await logwin.exited).code).toBe(0);
  });

  it('refuses a sink to HDFS by its name, before anything is read', async () => {
    const spool = join(directory(), 'spool');
    drop(spool, 'access_log.txt', 'a line\n');
    const text = agentFileOf('flumelogs.conf').replace('/home/maria_dev/spool', spool);
    const file = drop(directory(), 'flumelogs.conf', text);
    const { code, stderr } = await runToEnd(['agent', '--name', 'a1', '--conf-file', file]);
    expect(code).toBe(2);
    expect(stderr).toContain('hdfs');
    expect(namesIn(spool)).toEqual(['access_log.txt']);
  });
});

/** What comes back before the connection, which is ended after `text`, is closed. */
function answerTo(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, 'localhost', () => socket.end(text));
    socket.setEncoding('utf8').on('data', (part: string) => {
      answer += part;
    });
    socket.once('error', reject).once('end', () => resolve(answer));
  });
}
