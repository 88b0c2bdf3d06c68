import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM, runToEnd } from '../support/run.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logwin-cli-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

describe('the version', () => {
  it.each(['--version', '-V'])('is what %s gives, without the program', (flag) => {
    // A copy with nothing beside it that it could import.
    cpSync(dirname(PROGRAM), join(directory, 'bin'), { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{"type":"module","version":"1.2.3"}');
    const ended = spawnSync(process.execPath, [join(directory, 'bin', 'logwin.js'), flag]);
    expect([ended.status, String(ended.stdout), String(ended.stderr)]).toEqual([0, '1.2.3\n', '']);
  });

  it('is that of the package', async () => {
    const about = JSON.parse(readFileSync(join(PROGRAM, '../../package.json'), 'utf8'));
    expect(await runToEnd(['--version'])).toMatchObject({ code: 0, stdout: `${about.version}\n` });
  });
});

describe('help', () => {
  it.each([[['--help']], [['help', 'watch']], [['count', '-h']]])(
    'of %j goes to standard output',
    async (args) => {
      const { code, stdout, stderr } = await runToEnd(args);
      expect([code, stderr]).toEqual([0, '']);
      expect(stdout).toMatch(/^Usage: logwin .*Examples:/s);
    },
  );
});

describe('wrong usage', () => {
  it('is found before anything is opened', async () => {
    const args = ['watch', '.', '--window', '1', '--slide', '0.001', '--log-file', 'log'];
    expect((await runToEnd(args, { cwd: directory })).code).toBe(2);
    expect(() => readFileSync(join(directory, 'log'))).toThrow(/ENOENT/);
  });
});

describe('a source that cannot be used', () => {
  it('exits with 3, and a log file says so too', async () => {
    const args = ['watch', 'missing', '--log-file', 'log'];
    const { code, stderr } = await runToEnd(args, { cwd: directory });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^logwin: .*missing.*\n$/);
    expect(readFileSync(join(directory, 'log'), 'utf8')).toMatch(/"error":".*missing/);
  });
});

describe('a log file', () => {
  it('is appended to, and standard error stays empty', async () => {
    writeFileSync(join(directory, 'log'), 'before\n');
    const args = ['count', '--log-file', 'log'];
    const { code, stderr } = await runToEnd(args, { cwd: directory, input: 'no log line\n' });
    expect([code, stderr]).toEqual([0, '']);
    const lines = readFileSync(join(directory, 'log'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('before');
    expect(lines.at(-1)).toContain('Every line was rejected');
  });
});

describe('a full disk', () => {
  it('makes a batch run exit with 1, with the reason in the log', async () => {
    const command = `echo | ${process.execPath} ${PROGRAM} count -o json >/dev/full`;
    const ended = spawnSync('sh', ['-c', command], { timeout: 20_000 });
    expect(ended.status).toBe(1);
    expect(String(ended.stderr)).toContain('ENOSPC');
  });
});

describe('a closed descriptor', () => {
  /** Through a shell, since only that can close one. */
  const shell = (command: string) => {
    const environment = { ...process.env, LOGWIN: `${process.execPath} ${PROGRAM}` };
    return spawnSync('sh', ['-c', command], { cwd: directory, env: environment, timeout: 20_000 });
  };

  it('of standard error neither crashes nor loops', () => {
    expect(shell('$LOGWIN nothing 2>&-').status).toBe(2);
    expect(shell('{ $LOGWIN nothing; echo $? >code; } 2>&1 >/dev/null | :').status).toBe(0);
    expect(readFileSync(join(directory, 'code'), 'utf8')).toBe('2\n');
  });

  it('of standard output ends quietly with 0', () => {
    const ended = shell('{ $LOGWIN --help; echo $? >code; } | :');
    expect([ended.status, String(ended.stderr)]).toEqual([0, '']);
    expect(readFileSync(join(directory, 'code'), 'utf8')).toBe('0\n');
  });
});
