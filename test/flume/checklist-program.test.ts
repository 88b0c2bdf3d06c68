/**
 * The rest of what Flume's own tests pin down of its spooling directory: what only the whole program
 * can show. The names are those that the tests have there; see checklist.test.ts.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSnapshot, recordsIn, said, snapshotsIn } from '../support/read-back.js';
import { distinctRequests, requests } from '../support/requests.js';
import { type Run, run, runToEnd } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { shell } from '../support/shell.js';
import { lacks } from '../support/surroundings.js';

const directory = scratch();

function place(files: Readonly<Record<string, string>>): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, 'spool', name), text);
  return cwd;
}

const cannotMount =
  lacks('unshare', 'mount') ||
  spawnSync('unshare', ['-m', 'mount', '--bind', '/', '/']).status !== 0;

/** Runs in a place whose spool directory, with one file, is mounted read-only. */
function readOnly(command: string): ReturnType<typeof shell> {
  const mount = 'mount --bind spool spool && mount -o remount,bind,ro spool';
  const cwd = place({ 'a.log': requests('/a', '/b') });
  return shell(`unshare -m bash -c '${mount} && ${command}'`, { cwd });
}

describe.concurrent('the channel', () => {
  it('source: full channel: the source waits, and every line comes through once', async () => {
    const keys = 20_000;
    const cwd = place({ 'few.log': requests(...'12345678'), 'many.log': distinctRequests(keys) });
    const narrow = ['--channel-lines', '2', '--channel-bytes', '200', '--max-line', '199'];
    const output = ['--window', 'all', '--slide', '0.1', '-n', '1', '-o', 'ndjson'];
    const logwin = run(['watch', 'spool', '--settle', '0.1', ...narrow, ...output], { cwd });
    const { length } = await finished(logwin, 2);
    await logwin.until(({ stdout }) => stdout.slice(length).includes('\n'));
    logwin.kill('SIGTERM');
    const { code, stdout, stderr } = await logwin.exited;
    const snapshot = lastSnapshot(stdout);
    // All of them are different: none can stand in for another.
    expect([code, snapshot?.total, snapshot?.distinct]).toEqual([0, keys + 8, keys + 8]);
    const complaints = recordsIn(stderr).filter(({ level }) => level > 30);
    // A busy machine may be late with reading what is printed; that is another matter.
    expect(complaints.filter(({ msg }) => !msg.startsWith('Snapshots were dropped'))).toEqual([]);
  });

  it('a line does not wait for others to fill a batch', async () => {
    const cwd = place({});
    const logwin = run(['watch', 'spool', '--slide', '0.1', '-o', 'ndjson'], { cwd });
    await logwin.until(({ stderr }) => said(stderr, 'Watching begins').length > 0);
    const dropped = Date.now();
    writeFileSync(join(cwd, 'spool', 'a.log'), requests('/a'));
    await logwin.until(({ stdout }) => lastSnapshot(stdout)?.total === 1);
    // Flume's sink waits 3 s for more.
    expect(Date.now() - dropped).toBeLessThan(2000);
    logwin.kill('SIGTERM');
    await logwin.exited;
  });
});

/** Resolves to what is printed by the time that so many files are finished. */
async function finished(logwin: Run, files: number): Promise<string> {
  const { stdout } = await logwin.until(
    ({ stderr }) => said(stderr, 'A file is finished').length === files,
  );
  return stdout;
}

describe.concurrent('order', () => {
  it.each(['oldest', 'youngest', 'name'])('valid: %s', async (order) => {
    const cwd = place({ 'a.log': requests('/a') });
    const args = ['watch', 'spool', '--once', '-o', 'ndjson', '--order', order];
    const { code, stdout } = await runToEnd(args, { cwd });
    expect([code, lastSnapshot(stdout)?.total]).toEqual([0, 1]);
  });

  // Flume takes these in any case of letters, and goes on without its source at the last.
  it.each(['OLDEST', 'Youngest', 'random', 'newest'])('invalid: %s', async (order) => {
    const cwd = place({ 'a.log': requests('/a') });
    const { code, stdout, stderr } = await runToEnd(['watch', 'spool', '--order', order], { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      `logwin: --order ${order} is not known; choose one of oldest, youngest, name\n`,
    );
    expect(namesIn(join(cwd, 'spool'))).toEqual(['a.log']);
  });
});

describe.concurrent('line exceeds max', () => {
  it('is rejected once, with its reason, and costs no other line', async () => {
    const max = requests('/max').length - 1;
    const lines = requests('/max', `/${'long'.repeat(10_000)}`, '/ok', '/long');
    const cwd = place({ 'a.log': lines });
    const args = ['watch', 'spool', '--once', '-o', 'ndjson', '--max-line', String(max)];
    const { code, stdout, stderr } = await runToEnd(args, { cwd });
    expect(code).toBe(0);
    expect(snapshotsIn(stdout)).toMatchObject([{ total: 2, rejected: 2 }]);
    expect(said(stderr, 'A line is rejected')).toMatchObject([
      { reason: 'too-long', file: join('spool', 'a.log'), byte: max + 1 },
    ]);
    expect(recordsIn(stderr).at(-1)).toMatchObject({ lines: 4, counted: 2, 'too-long': 2 });
  });
});

describe.skipIf(cannotMount).concurrent('read-only spool dir (needs unshare -m)', () => {
  it('rename on read-only: nothing is read, and the message says what to do', async () => {
    const { code, stdout, stderr } = await readOnly('logwin watch spool');
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^logwin: the directory spool is not writable.*--after keep\n$/);
  });

  it('tracker_dir on read-only spool dir: --after keep reads it', async () => {
    const watch = 'logwin watch spool --after keep --once -o ndjson';
    const { code, stdout, stderr } = await readOnly(watch);
    expect([code, lastSnapshot(stdout)?.total]).toEqual([0, 2]);
    expect(said(stderr, 'A file is finished')).toMatchObject([{ lines: 2 }]);
  });
});
