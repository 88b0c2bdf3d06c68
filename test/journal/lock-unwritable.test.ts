/** Directories that cannot be written: the lock is in the temporary directory then. */
import {
  chmodSync,
  mkdirSync,
  promises,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemError } from '../../src/core/errors.js';
import { DirectoryLock } from '../../src/journal/lock/directory-lock.js';
import { scratch } from '../support/scratch.js';
import { lockProcesses } from './lock-processes.js';

const place = scratch();
const start = lockProcesses();

let directory: string;
/** Anybody may write to it, and nobody may replace the files of others. */
let temporary: string;
let outside: string;

beforeEach(() => {
  directory = place();
  temporary = place();
  chmodSync(temporary, 0o1777);
  chmodSync(dirname(temporary), 0o755);
  vi.stubEnv('TMPDIR', temporary);
  const { dev, ino } = statSync(directory, { bigint: true });
  outside = join(temporary, `logwin-${dev}-${ino}.lock`);
});

const { mkdir } = promises;
afterEach(() => {
  vi.unstubAllEnvs();
  promises.mkdir = mkdir;
  syncBuiltinESMExports();
});

/** What the system says when `.logwin` is to be made. */
function makingFails(code: string): void {
  promises.mkdir = async () => {
    throw systemError(code, `${code}: no`);
  };
  syncBuiltinESMExports();
}

describe('a directory that cannot be written', () => {
  it.each(['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT'])('has it outside: %s', async (code) => {
    makingFails(code);
    const lock = await DirectoryLock.take(directory);
    expect(lock.path).toBe(outside);
    expect(readFileSync(outside, 'latin1')).toMatch(new RegExp(`^${process.pid} `));
    await lock.release();
    expect([readdirSync(directory), readdirSync(temporary)]).toEqual([[], []]);
  });

  it('is not locked where the temporary directory cannot be written either', async () => {
    makingFails('EROFS');
    const missing = join(temporary, 'missing');
    vi.stubEnv('TMPDIR', missing);
    await expect(DirectoryLock.take(directory)).rejects.toThrow(
      `neither ${directory} nor ${missing} can be written, and one has to hold the lock (ENOENT`,
    );
    await expect(DirectoryLock.take(directory)).rejects.toThrow('; set TMPDIR to a directory');
  });
});

describe.skipIf(process.getuid?.() !== 0)('of two users (skipped unless root)', () => {
  it('who may not write is kept out by who may', async () => {
    const lock = await DirectoryLock.take(directory);
    const other = await start(directory, 'nobody');
    expect(await other.take()).toContain(`another logwin (pid ${process.pid}) works on`);
    expect(readdirSync(temporary)).toEqual([]);
    await lock.release();
    expect(await other.take()).toBe(outside);
  });

  it('who may write is kept out by who may not', async () => {
    const other = await start(directory, 'nobody');
    expect(await other.take()).toBe(outside);
    await expect(DirectoryLock.take(directory)).rejects.toThrow(
      `another logwin (pid ${other.pid})`,
    );
    expect(readdirSync(directory)).toEqual([]);
    await other.release();
    await (await DirectoryLock.take(directory)).release();
  });

  it('one cannot replace what the other left in the temporary directory, and is told', async () => {
    writeFileSync(outside, 'left by root');
    const other = await start(directory, 'nobody');
    expect(await other.take()).toContain(
      `the lock ${outside} is nobody's, and cannot be replaced (EPERM); remove it`,
    );
    expect(readdirSync(temporary)).toHaveLength(1);
  });

  it('one cannot read what the other hides, and is told', async () => {
    const home = join(directory, '.logwin');
    mkdirSync(home, { mode: 0o700 });
    const other = await start(directory, 'nobody');
    expect(await other.take()).toContain(
      `the lock ${join(home, 'lock')} cannot be read (EACCES); remove it if no logwin works there`,
    );
    expect(readdirSync(temporary)).toEqual([]);
  });
});
