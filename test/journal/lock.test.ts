/** One daemon a directory: what lies in its lock's way, and what is left afterwards. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LogwinError } from '../../src/core/errors.js';
import { DirectoryLock } from '../../src/journal/lock/directory-lock.js';
import { scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';
import { lockProcesses } from './lock-processes.js';

const place = scratch();
const start = lockProcesses();

async function refusal(taking: Promise<DirectoryLock>): Promise<string> {
  const error: unknown = await taking.then(
    () => undefined,
    (reason) => reason,
  );
  if (!(error instanceof LogwinError)) throw new Error('no refusal', { cause: error });
  expect(error.code).toBe('source-unusable');
  return error.message;
}

const lockOf = (directory: string): string => join(directory, '.logwin', 'lock');

function placeWithHome(): string {
  const directory = place();
  mkdirSync(join(directory, '.logwin'));
  return directory;
}

describe('a lock', () => {
  it('lies in the directory, says whose it is, and goes without a trace', async () => {
    const directory = place();
    const lock = await DirectoryLock.take(directory);
    expect(lock.path).toBe(lockOf(directory));
    expect(readFileSync(lock.path, 'latin1')).toMatch(new RegExp(`^${process.pid} .*\n$`));
    expect(lstatSync(lock.path).mode & 0o777).toBe(0o644 & ~process.umask());
    expect(readdirSync(join(directory, '.logwin'))).toEqual(['lock']);
    await lock.release();
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves what else is in its directory', async () => {
    const directory = placeWithHome();
    writeFileSync(join(directory, '.logwin', 'journal.000001'), '');
    await (await DirectoryLock.take(directory)).release();
    expect(readdirSync(join(directory, '.logwin'))).toEqual(['journal.000001']);
  });

  it('is had again by the process that has it, also after the directory was made anew', async () => {
    const directory = place();
    const first = await DirectoryLock.take(directory);
    expect((await DirectoryLock.take(directory)).path).toBe(first.path);
    rmSync(directory, { recursive: true });
    await first.release();
    mkdirSync(directory);
    const again = await DirectoryLock.take(directory);
    expect(existsSync(lockOf(directory))).toBe(true);
    await again.release();
  });

  it('that somebody else wrote meanwhile stays', async () => {
    const directory = place();
    const lock = await DirectoryLock.take(directory);
    writeFileSync(lock.path, 'mine');
    await lock.release();
    expect(readFileSync(lock.path, 'latin1')).toBe('mine');
  });

  it('keeps others out, whatever path they take, until its holder ends', async () => {
    const directory = place();
    const link = join(place(), 'link');
    symlinkSync(directory, link);
    const holder = await start(directory);
    expect(await holder.take()).toBe(lockOf(directory));
    for (const path of [directory, link]) {
      expect(await refusal(DirectoryLock.take(path))).toBe(
        `another logwin (pid ${holder.pid}) works on ${path}; stop it first, or name another directory`,
      );
    }
    await holder.kill();
    const lock = await DirectoryLock.take(link);
    expect(readFileSync(lockOf(directory), 'latin1')).toMatch(new RegExp(`^${process.pid} `));
    await lock.release();
  });

  it('can be that of a state directory, which stays', async () => {
    const state = place();
    const lock = await DirectoryLock.takeAt(join(state, 'lock'), state);
    expect(readdirSync(state)).toEqual(['lock']);
    await lock.release();
    expect(readdirSync(state)).toEqual([]);
    expect(await refusal(DirectoryLock.takeAt(join(state, 'no', 'lock'), 'the state'))).toMatch(
      /^the state cannot be locked: ENOENT.*; name a directory that can be written$/,
    );
  });

  it('takes away what those left who were killed while they took it, and nothing else', async () => {
    const directory = placeWithHome();
    const holder = await start(directory);
    await holder.take();
    const dead = readFileSync(lockOf(directory), 'latin1');
    await holder.kill();
    const living = await start(place());
    const alive = readFileSync(await living.take(), 'latin1');
    const left = {
      'lock.0123456789abcdef': dead,
      'lock.0123456789abcdef.0123456789abcdef': '',
      'lock.1123456789abcdef': alive,
      'lock.txt': '',
      'lock.0123456789abcdef.txt': dead,
    };
    for (const [name, content] of Object.entries(left)) {
      writeFileSync(join(directory, '.logwin', name), content);
    }
    await DirectoryLock.take(directory);
    const stay = ['lock', 'lock.0123456789abcdef.txt', 'lock.1123456789abcdef', 'lock.txt'];
    expect(readdirSync(join(directory, '.logwin')).sort()).toEqual(stay);
  });
});

describe.concurrent('what is no lock is replaced', () => {
  it.each([
    ['an empty file', ''],
    ['a part of a lock', '1 - '],
    ['something else', 'x'.repeat(5000)],
    ['a group of processes', '0 - -\n'],
  ])('%s', async (_, content) => {
    const directory = placeWithHome();
    writeFileSync(lockOf(directory), content);
    const lock = await DirectoryLock.take(directory);
    expect(readFileSync(lock.path, 'latin1')).toMatch(new RegExp(`^${process.pid} `));
  });

  it('a link, which is not followed', async () => {
    const directory = placeWithHome();
    const target = join(place(), 'target');
    writeFileSync(target, 'precious');
    symlinkSync(target, lockOf(directory));
    const lock = await DirectoryLock.take(directory);
    expect(lstatSync(lock.path).isFile()).toBe(true);
    expect(readFileSync(target, 'latin1')).toBe('precious');
  });

  it.skipIf(lacks('mkfifo'))(
    'a pipe, which nobody waits for (skipped without mkfifo)',
    async () => {
      const directory = placeWithHome();
      execFileSync('mkfifo', [lockOf(directory)]);
      const lock = await DirectoryLock.take(directory);
      expect(lstatSync(lock.path).isFile()).toBe(true);
    },
  );
});

describe.concurrent('what is in the way is named', () => {
  it('a directory with the name of the lock', async () => {
    const directory = placeWithHome();
    mkdirSync(lockOf(directory));
    const message = `the lock ${lockOf(directory)} is nobody's, and cannot be replaced (EISDIR)`;
    expect(await refusal(DirectoryLock.take(directory))).toBe(`${message}; remove it`);
    expect(readdirSync(join(directory, '.logwin'))).toEqual(['lock']);
  });

  it('a link, or a file, in place of its directory', async () => {
    const elsewhere = place();
    const directory = place();
    const home = join(directory, '.logwin');
    symlinkSync(elsewhere, home);
    const message = `${home} is no directory of its own (links are not followed); remove it; --state names a place for the journal`;
    expect(await refusal(DirectoryLock.take(directory))).toBe(message);
    rmSync(home);
    writeFileSync(home, '');
    expect(await refusal(DirectoryLock.take(directory))).toBe(message);
    expect(readdirSync(elsewhere)).toEqual([]);
  });

  it('a directory that went away', async () => {
    const gone = join(place(), 'gone');
    expect(await refusal(DirectoryLock.take(gone))).toMatch(/gone cannot be locked: ENOENT/);
  });
});
