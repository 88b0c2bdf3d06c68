/** `watch --once`: all that is there, one snapshot, and only then are the files retired. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { said, snapshotsIn } from '../support/read-back.js';
import { distinctRequests, requests } from '../support/requests.js';
import { runToEnd } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { stall } from '../support/stalled.js';
import { lacks } from '../support/surroundings.js';

const ONCE = ['watch', 'spool', '--once', '-o', 'ndjson'];

const directory = scratch();

function place(files: Readonly<Record<string, string | Uint8Array>>): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(cwd, 'spool', name), content);
  }
  return cwd;
}

function cutGzip(): Buffer {
  const whole = gzipSync(distinctRequests(5000));
  return whole.subarray(0, whole.length / 2);
}

describe.concurrent('a batch run', () => {
  it('prints one snapshot, retires what it counted, and ends with 0', async () => {
    const cwd = place({ 'a.log': requests('/a'), 'b.gz': gzipSync(requests('/b')), empty: '' });
    const { code, stdout, stderr } = await runToEnd(ONCE, { cwd });
    expect(code).toBe(0);
    expect(snapshotsIn(stdout)).toMatchObject([{ total: 2, distinct: 2, rejected: 0 }]);
    expect(namesIn(join(cwd, 'spool'))).toEqual([
      'a.log.COMPLETED',
      'b.gz.COMPLETED',
      'empty.COMPLETED',
    ]);
    expect(said(stderr, 'A file is finished')).toHaveLength(3);
    expect(snapshotsIn((await runToEnd(ONCE, { cwd })).stdout)).toMatchObject([{ total: 0 }]);
  });

  it('counts all of it, whatever the window', async () => {
    const cwd = place({ 'a.log': distinctRequests(100_000) });
    const args = [...ONCE, '--window', '0.01', '--slide', '0.01'];
    expect(snapshotsIn((await runToEnd(args, { cwd })).stdout)).toMatchObject([{ total: 100_000 }]);
  });

  it('sets a cut gzip aside, counts and retires the others, and ends with 1', async () => {
    const cwd = place({ 'a.log': requests('/a'), 'b.gz': cutGzip(), 'c.log': requests('/c') });
    const { code, stdout, stderr } = await runToEnd(ONCE, { cwd });
    expect(code).toBe(1);
    expect(namesIn(join(cwd, 'spool'))).toEqual([
      'a.log.COMPLETED',
      'b.gz.FAILED',
      'c.log.COMPLETED',
    ]);
    const [{ linesRead }] = said(stderr, 'set aside');
    expect(linesRead).toBeGreaterThan(1000);
    expect(snapshotsIn(stdout)).toMatchObject([{ total: 2 + Number(linesRead) }]);
  });

  it('leaves what it skips, and ends with 0 all the same', async () => {
    const cwd = place({ 'a.log': requests('/a'), '.hidden': requests('/h') });
    mkdirSync(join(cwd, 'spool', 'below'));
    const { code, stdout } = await runToEnd(ONCE, { cwd });
    expect([code, snapshotsIn(stdout)[0].total]).toEqual([0, 1]);
    expect(readdirSync(join(cwd, 'spool')).sort()).toEqual(['.hidden', 'a.log.COMPLETED', 'below']);
  });
});

describe
  .skipIf(lacks('bash', 'mkfifo'))
  .concurrent('a batch run that dies before its snapshot is written (needs bash)', () => {
    const KEYS = 20_000;
    const files = {
      'a.log': distinctRequests(KEYS),
      'b.gz': gzipSync(requests('/b')),
      'c.gz': cutGzip(),
    };

    it.each([
      ['SIGKILL', 128 + 9],
      ['SIGTERM', 0],
    ] as const)(
      'by %s leaves the files, and the next run counts them all',
      async (signal, code) => {
        const cwd = place(files);
        const stalled = stall('logwin watch spool --once -n 0 -o ndjson --log-level trace', cwd);
        await stalled.begun();
        process.kill(await stalled.pid(), signal);
        expect(await stalled.ended(10_000)).toBe(code);
        expect(namesIn(join(cwd, 'spool'))).toEqual(['a.log', 'b.gz', 'c.gz']);
        stalled.wake();
        const next = await runToEnd(ONCE, { cwd });
        expect(next.code).toBe(1);
        const [{ linesRead }] = said(next.stderr, 'set aside');
        expect(snapshotsIn(next.stdout)).toMatchObject([{ total: KEYS + 1 + Number(linesRead) }]);
        expect(namesIn(join(cwd, 'spool'))).toEqual([
          'a.log.COMPLETED',
          'b.gz.COMPLETED',
          'c.gz.FAILED',
        ]);
      },
    );
  });
