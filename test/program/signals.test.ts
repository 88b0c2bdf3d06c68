/** Being asked to end: SIGINT, SIGTERM and SIGHUP, in whatever the program is doing. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSnapshot, recordsIn, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { run } from '../support/run.js';
import { eventually, scratch } from '../support/scratch.js';
import { shell } from '../support/shell.js';
import { lacks } from '../support/surroundings.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const directory = scratch();

function spool(): string {
  const path = join(directory(), 'spool');
  mkdirSync(path);
  return path;
}

describe.concurrent('a signal', () => {
  it.each(SIGNALS)('%s ends a watch of a directory with 0', async (signal) => {
    const logwin = run(['watch', spool(), '--slide', '1h', '--window', '1h']);
    await logwin.until(({ stderr }) => said(stderr, 'Watching begins').length > 0);
    logwin.kill(signal);
    const { code, stdout, stderr } = await logwin.exited;
    expect([code, stdout]).toEqual([0, '']);
    expect(recordsIn(stderr).at(-1)).toMatchObject({ msg: 'The run has ended.', lines: 0 });
  });

  it.each(SIGNALS)('%s ends a watch of standard input that stays open, with 0', async (signal) => {
    const logwin = run(['watch', '-', '--slide', '0.1', '-o', 'ndjson']);
    logwin.write(requests('/a'));
    await logwin.until(({ stdout }) => lastSnapshot(stdout)?.total === 1);
    logwin.kill(signal);
    const { code, stderr } = await logwin.exited;
    expect(code).toBe(0);
    expect(recordsIn(stderr).at(-1)).toMatchObject({ msg: 'The run has ended.', counted: 1 });
  });

  it.each(SIGNALS)('%s ends a count that waits for standard input, with 0', async (signal) => {
    const logwin = run(['count', '--log-level', 'warn']);
    logwin.write('no log line\n');
    await logwin.until(({ stderr }) => said(stderr, 'A line is rejected').length > 0);
    logwin.kill(signal);
    expect(await logwin.exited).toMatchObject({ code: 0, stdout: '' });
  });

  it.skipIf(lacks('bash', 'yes')).each(SIGNALS)(
    '%s ends a count in the middle of a stream without end, with 0 (needs bash)',
    async (signal) => {
      const cwd = directory();
      const read = (name: string): string => readIfThere(join(cwd, name));
      void shell('yes | { logwin count --log-file log > out; echo $? > code; }', { cwd });
      const { pid } = await eventually(() => said(read('log'), 'A line is rejected')[0]);
      process.kill(pid, signal);
      expect(await eventually(() => read('code').endsWith('\n') && read('code'))).toBe('0\n');
      expect(read('out')).toBe('');
    },
  );

  it.skipIf(lacks('mkfifo'))(
    'ends a count of a FIFO that nobody writes (needs mkfifo)',
    async () => {
      const cwd = directory();
      execFileSync('mkfifo', [join(cwd, 'fifo')]);
      const args = ['count', 'missing', 'fifo', '--log-level', 'error'];
      const logwin = run(args, { cwd, timeout: 5000 });
      await logwin.until(({ stderr }) => said(stderr, 'cannot be read').length > 0);
      logwin.kill('SIGTERM');
      expect(await logwin.exited).toMatchObject({ code: 1, signal: null });
    },
  );
});

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
