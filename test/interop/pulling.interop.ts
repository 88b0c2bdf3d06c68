/** Pulling, either way: from Flume's SparkSink, and by Spark's polling stream. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSnapshot } from '../support/read-back.js';
import { type Run, run } from '../support/run.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';
import { endAgents } from './agents.js';
import { courseAnswer, courseLog } from './course.js';
import { drop } from './drop.js';
import { COURSE, lacksCourse } from './needs.js';
import { agentFile, freePort, SPARK_SINK_STARTED, startAgent } from './peers/flume.js';
import type { JavaProcess } from './peers/java.js';
import { countedRows, startJob } from './spark.js';

const PATIENCE = 80_000;
const directory = scratch();

describe.skipIf(lacksCourse)(`Flume and Spark with the course log (${COURSE})`, () => {
  endAgents();

  it('has watch pull the ten rows of the notes from a SparkSink', async () => {
    const port = await freePort();
    const spool = join(directory(), 'spool');
    drop(spool, 'access_log.txt', courseLog());
    const text = agentFile({
      source: { type: 'spooldir', spoolDir: spool, fileHeader: true },
      channel: { capacity: 100_000, 'keep-alive': 1 },
      sink: {
        type: 'org.apache.spark.streaming.flume.sink.SparkSink',
        hostname: '127.0.0.1',
        port,
      },
    });
    const agent = startAgent('flume-1.9-sparksink', directory(), text);
    await agent.says(SPARK_SINK_STARTED);
    const args = ['watch', `flume+pull://127.0.0.1:${port}`, '-o', 'ndjson', '--no-state'];
    const logwin = run(args, { timeout: PATIENCE });
    const { lines, snapshot } = courseAnswer();
    await logwin.until(({ stdout }) => {
      const last = lastSnapshot(stdout);
      return last !== undefined && last.total + last.rejected >= lines;
    });
    await agent.stop();
    // It counts what was acknowledged.
    expect(agent.said).toContain(`channel.event.take.success == ${lines}`);
    logwin.kill('SIGTERM');
    const { code, stdout } = await logwin.exited;
    expect(code).toBe(0);
    expect(lastSnapshot(stdout)).toMatchObject(snapshot);
  });

  it('gives a Spark job that pulls from forward the rows of the notes', async () => {
    const port = await freePort();
    const { logwin, spool } = forwarding(`flume+pull://127.0.0.1:${port}`);
    await logwin.until(({ stderr }) => stderr.includes(' begins.'));
    const job = startJob('pull', port, directory());
    await expectRows(job);
    await isFinished(spool);
    await endsWell(logwin);
  });

  it('gives a Spark job that forward pushes to the rows of the notes', async () => {
    const port = await freePort();
    const job = startJob('push', port, directory());
    // It may not listen yet; who sends tries again.
    await job.says('Time: ', PATIENCE);
    const { logwin, spool } = forwarding(`avro://127.0.0.1:${port}`, '--batch', '1000');
    await expectRows(job);
    await isFinished(spool);
    await endsWell(logwin);
  });
});

function forwarding(url: string, ...more: readonly string[]) {
  const spool = join(directory(), 'spool');
  drop(spool, 'access_log.txt', courseLog());
  const logwin = run(['forward', spool, '--to', url, '--settle', '0', ...more], {
    timeout: PATIENCE,
  });
  return { logwin, spool };
}

/** Waits for them; equal counts may stand in any order in Spark. */
async function expectRows(job: JavaProcess): Promise<void> {
  const expected = courseAnswer().rows.map(({ url, count }) => `${url} ${count}`);
  await job.says(expected[0].replace(/(.*) (.*)/, '($1,$2)'), PATIENCE);
  await eventually(() => expected.every((row) => countedRows(job.said).includes(row)), PATIENCE);
  expect(countedRows(job.said).sort()).toEqual(expected.sort());
}

async function isFinished(spool: string): Promise<void> {
  await eventually(() => namesIn(spool).join() === 'access_log.txt.COMPLETED', PATIENCE);
}

async function endsWell(logwin: Run): Promise<void> {
  logwin.kill('SIGTERM');
  expect((await logwin.exited).code).toBe(0);
}
