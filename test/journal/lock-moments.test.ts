/** What others do between two steps of taking a lock, or did not live to do. */
import { mkdirSync, promises, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { DirectoryLock } from '../../src/journal/lock/directory-lock.js';
import { scratch } from '../support/scratch.js';
import { lockProcesses } from './lock-processes.js';

const place = scratch();
const start = lockProcesses();

const { link, lstat, rename, rmdir, unlink, writeFile } = promises;
afterEach(() => {
  Object.assign(promises, { link, lstat, rename, writeFile });
  syncBuiltinESMExports();
});

it('while one succeeds a dead holder, no other does', async () => {
  const directory = place();
  const first = await start(directory);
  await first.take();
  await first.kill();
  const rival = await start(directory);
  let answer = '';
  promises.rename = async (...args) => {
    answer = await rival.take();
    await rename(...args);
  };
  syncBuiltinESMExports();
  const lock = await DirectoryLock.take(directory);
  expect(answer).toContain(`another logwin (pid ${process.pid}) works on`);
  await lock.release();
});

it('whoever was killed while he took the lock of a dead one is succeeded himself', async () => {
  const directory = place();
  const home = join(directory, '.logwin');
  const first = await start(directory);
  await first.take();
  await first.kill();
  // The second dies as he succeeds the first, the third as he succeeds the second in that.
  for (const files of [3, 5]) {
    await (await start(directory, 'mortal')).dieTaking();
    expect(readdirSync(home)).toHaveLength(files);
  }
  const lock = await DirectoryLock.take(directory);
  expect(readdirSync(home)).toEqual(['lock']);
  await lock.release();
});

it('a lock that is being written is not taken for a dead one', async () => {
  const directory = place();
  const living = await start(place());
  const content = readFileSync(await living.take());
  mkdirSync(join(directory, '.logwin'));
  const path = join(directory, '.logwin', 'lock');
  writeFileSync(path, '');
  let looks = 0;
  promises.lstat = (async (...args: Parameters<typeof lstat>) => {
    if (args[0] === path) looks += 1;
    if (looks === 4) writeFileSync(path, content);
    return await lstat(...args);
  }) as typeof lstat;
  syncBuiltinESMExports();
  await expect(DirectoryLock.take(directory)).rejects.toThrow(`(pid ${living.pid})`);
  expect(looks).toBe(4);
});

it('a temporary file that its holder took away is written again', async () => {
  const directory = place();
  const gone: unknown[] = [];
  promises.link = async (from, to) => {
    if (gone.length === 0) await unlink(from);
    gone.push(from);
    await link(from, to);
  };
  syncBuiltinESMExports();
  await (await DirectoryLock.takeAt(join(directory, 'lock'), directory)).release();
  expect(new Set(gone).size).toBe(2);
  expect(readdirSync(directory)).toEqual([]);
});

it('a directory of the lock that goes with its last holder is made again', async () => {
  const directory = place();
  let removed = 0;
  promises.writeFile = async (...args) => {
    removed += 1;
    if (removed <= 3) await rmdir(join(directory, '.logwin'));
    await writeFile(...args);
  };
  syncBuiltinESMExports();
  await (await DirectoryLock.take(directory)).release();
  expect(removed).toBe(4);
});
