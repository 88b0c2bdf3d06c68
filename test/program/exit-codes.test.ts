/** What a run that cannot begin says, and the code that it ends with; and ends that were asked for. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordsIn, snapshotsIn } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { run, runToEnd } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { shell } from '../support/shell.js';
import { lacks } from '../support/surroundings.js';

const directory = scratch();

function place(): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  writeFileSync(join(cwd, 'spool', 'a.log'), requests('/a'));
  return cwd;
}

const isRoot = process.getuid?.() === 0;
const cannotMount =
  lacks('unshare', 'mount') ||
  spawnSync('unshare', ['-m', 'mount', '--bind', '/', '/']).status !== 0;

describe.concurrent('a source that cannot be used ends with 3', () => {
  it.each([
    [
      'a directory that is missing',
      'nowhere',
      /^logwin: .*nowhere does not exist.*mkdir -p nowhere/,
    ],
    [
      'a file',
      'spool/a.log',
      /^logwin: spool\/a\.log is not a directory.*logwin count spool\/a\.log/,
    ],
    ['a name below a file', 'spool/a.log/x', /^logwin: .*cannot be used.*; name another one/],
  ])('%s', async (_, source, message) => {
    const { code, stdout, stderr } = await runToEnd(['watch', source], { cwd: place() });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('a place to move to that cannot be made', async () => {
    const args = ['watch', 'spool', '--after', 'move:spool/a.log/done'];
    const { code, stderr } = await runToEnd(args, { cwd: place() });
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^logwin: finished files cannot be moved to spool\/a\.log\/done.*--after/,
    );
  });

  it.skipIf(isRoot)('a directory that is not writable (skipped as root)', async () => {
    const cwd = place();
    chmodSync(join(cwd, 'spool'), 0o555);
    const { code, stderr } = await runToEnd(['watch', 'spool'], { cwd });
    chmodSync(join(cwd, 'spool'), 0o755);
    expect(code).toBe(3);
    expect(stderr).toMatch(/not writable.*--after keep/);
  });

  it.skipIf(cannotMount)('a directory that is mounted read-only (needs unshare -m)', async () => {
    const mounted = (command: string) =>
      shell(
        `unshare -m bash -c 'mount --bind spool spool && mount -o remount,bind,ro spool && ${command}'`,
        { cwd: place() },
      );
    const { code, stderr } = await mounted('logwin watch spool');
    expect(code).toBe(3);
    expect(stderr).toMatch(/^logwin: the directory spool is not writable.*--after keep\n$/);
    const kept = await mounted('logwin watch spool --after keep --once -o ndjson');
    expect([kept.code, snapshotsIn(kept.stdout)[0].total]).toEqual([0, 1]);
  });
});

describe.concurrent('wrong usage ends with 2', () => {
  it.each([
    [[], 'no command'],
    [['dance'], 'unknown command'],
    [['watch'], 'missing required argument'],
    [['watch', 'spool', '--windoe', '1'], 'unknown option'],
    [['watch', 'spool', '--window'], 'argument missing'],
    [['watch', 'spool', '--window', 'soon'], '--window soon'],
    [['watch', 'spool', '--slide', '0'], '--slide 0'],
    [['watch', 'spool', '--top', '-1'], '--top -1'],
    [['watch', 'spool', '--ticks', '0'], '--ticks 0'],
    [['watch', 'spool', '--by', 'colour'], '--by colour'],
    [['watch', 'spool', '--output', 'xml'], '--output xml'],
    [['watch', 'spool', '--after', 'burn'], '--after burn'],
    [['watch', 'spool', 'spool'], 'twice'],
    [['watch', 'kafka://host'], "scheme 'kafka'"],
    [['count', '--window', '1'], 'unknown option'],
    [['count', '-', '-'], 'standard input'],
  ])('logwin %j', async (args, message) => {
    const cwd = place();
    const { code, stdout, stderr } = await runToEnd(args, { cwd });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^logwin: [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(namesIn(join(cwd, 'spool'))).toEqual(['a.log']);
  });
});

describe.concurrent('an end that was asked for', () => {
  it('--ticks 3 prints three snapshots, a slide apart, and ends with 0', async () => {
    const args = ['watch', 'spool', '--ticks', '3', '--slide', '0.3', '--window', '3'];
    const { code, stdout, stderr } = await runToEnd([...args, '-o', 'ndjson'], { cwd: place() });
    expect(code).toBe(0);
    const ends = snapshotsIn(stdout).map(({ end }) => Date.parse(end));
    expect(ends).toEqual([ends[0], ends[0] + 300, ends[0] + 600]);
    expect(ends[0] % 300).toBe(0);
    expect(recordsIn(stderr).at(-1)?.msg).toBe('The run has ended.');
  });

  it('--on-change prints a snapshot only when the table changed', async () => {
    const cwd = place();
    const args = [
      'watch',
      'spool',
      '--on-change',
      '--slide',
      '0.1',
      '-o',
      'ndjson',
      '--ticks',
      '30',
    ];
    const logwin = run(args, { cwd });
    await logwin.until(({ stdout }) => snapshotsIn(stdout).at(-1)?.total === 1);
    writeFileSync(join(cwd, 'spool', 'b.log'), requests('/b', '/a'));
    const { code, stdout } = await logwin.exited;
    expect(code).toBe(0);
    const totals = snapshotsIn(stdout).map(({ total }) => total);
    // Whether there was a boundary before the first file was read is chance.
    expect(totals.slice(-2)).toEqual([1, 3]);
    expect(totals.length).toBeLessThan(4);
  });
});
