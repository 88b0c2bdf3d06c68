/** Which processes are taken for alive. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { existsSync, readFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Holder,
  isAlive,
  ownContent,
  parseContent,
} from '../../src/journal/lock/lock-holder.js';
import { eventually, scratch } from '../support/scratch.js';
import { lockProcesses } from './lock-processes.js';

const place = scratch();
const start = lockProcesses();
const hasProc = existsSync('/proc/self/stat');

/** As the process would write it that is running. */
function own(): Holder {
  const holder = parseContent(ownContent());
  if (holder === undefined) throw new Error('the content cannot be read back');
  return holder;
}

/** Of a command without spaces or parentheses in its name. */
function statOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/stat`, 'latin1').split(' ');
}

describe.skipIf(!hasProc)('on Linux (skipped without /proc)', () => {
  it('this process has this boot, this pid namespace and its start', () => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    expect(own().world).toBe(`${boot}/${fs.readlinkSync('/proc/self/ns/pid')}`);
    expect(own().start).toMatch(/^\d+$/);
    expect(isAlive(own())).toBe(true);
  });

  it('a process is alive as long as it runs, and one with its pid is another', async () => {
    const child = spawn('sleep', ['60']);
    const holder = { ...own(), pid: child.pid ?? 0, start: statOf(child.pid ?? 0)[21] };
    expect(isAlive(holder)).toBe(true);
    expect(isAlive({ ...holder, start: String(Number(holder.start) - 1) })).toBe(false);
    expect(isAlive({ ...holder, world: holder.world.replace(/^./, 'x') })).toBe(false);
    expect(isAlive({ ...holder, world: `${holder.world}1` })).toBe(false);
    child.kill();
    await once(child, 'exit');
    expect(isAlive(holder)).toBe(false);
  });

  it('a process that ended and waits for its parent is dead', async () => {
    // A shell that waits for nobody, since it has become another program.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60']);
    const pid = Number((await once(parent.stdout, 'data'))[0]);
    await eventually(() => statOf(pid)[2] === 'Z');
    expect(isAlive({ ...own(), pid, start: statOf(pid)[21] })).toBe(false);
    parent.kill();
  });

  it('the name of a command cannot pass for something else', async () => {
    const directory = place();
    const first = await start(directory, 'nameless');
    const path = await first.take();
    expect(readFileSync(`/proc/${first.pid}/stat`, 'latin1')).toContain('(a) Z 1 (b c) d');
    const second = await start(directory);
    expect(await second.take()).toContain(`another logwin (pid ${first.pid})`);
    expect(readFileSync(path, 'latin1')).toMatch(new RegExp(`^${first.pid} \\S+ \\d+\n$`));
  });
});

describe('elsewhere', () => {
  const { readFileSync: real } = fs;
  afterEach(() => {
    fs.readFileSync = real;
    syncBuiltinESMExports();
  });

  it('the pid decides', async () => {
    fs.readFileSync = () => {
      throw new Error('no /proc here');
    };
    syncBuiltinESMExports();
    vi.resetModules();
    const there = await import('../../src/journal/lock/lock-holder.js');
    const holder = there.parseContent(there.ownContent());
    expect(holder).toEqual({ pid: process.pid, world: '-', start: '-' });
    expect(there.isAlive({ pid: 1, world: '-', start: '-' })).toBe(true);
    const dead = Number(execFileSync('sh', ['-c', 'echo $$']));
    expect(there.isAlive({ pid: dead, world: '-', start: '-' })).toBe(false);
  });
});

it.each(['', '\n', '1 - -', '1 - - -\n', '0 - -\n', '-1 - -\n', '1234567890 - -\n', '1 - -\n\n'])(
  'no process is named by %j',
  (content) => {
    expect(parseContent(content)).toBeUndefined();
  },
);
