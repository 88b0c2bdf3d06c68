import { describe, expect, it } from 'vitest';
import { run, runToEnd } from './run.js';

describe('run', () => {
  it('waits for output that is yet to come', async () => {
    const logwin = run(['count', '--output', 'tsv', '--log-level', 'silent']);
    logwin.write('127.0.0.1 - - [22/Nov/2026:08:00:00 +0000] "GET /a HTTP/1.1" 200 1 "-" "-"\n');
    expect(logwin.written.stdout).toBe('');
    logwin.end();
    await logwin.until(({ stdout }) => stdout.endsWith('\t1\t1\t/a\n'));
    expect(await logwin.exited).toMatchObject({ code: 0, signal: null });
  });

  it('does not wait for what cannot come any more', async () => {
    const logwin = run(['--version']);
    await expect(logwin.until(() => false)).rejects.toThrow('It ended too soon');
    await expect(logwin.until(() => false)).rejects.toThrow('It ended too soon');
  });

  it('kills what takes too long', async () => {
    const logwin = run(['count'], { timeout: 200 });
    expect(await logwin.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
  });

  it('gives the output and the code of a run', async () => {
    expect(await runToEnd(['nothing'])).toMatchObject({ code: 2, stdout: '' });
  });
});
