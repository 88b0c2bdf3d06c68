/** A rename is remembered once it is on the disk, and not before. */
import { rmdirSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemError } from '../../src/core/errors.js';
import { Adoption } from '../../src/source/spool/adoption.js';
import { DurableNames } from '../../src/source/spool/durable-names.js';
import { SPOOL, SpoolRun } from '../support/spool-run.js';

const disk = vi.hoisted(() => ({
  /** Directories that were synced. */
  synced: [] as string[],
  sync: async () => {},
}));
vi.mock('../../src/core/synchronise.js', () => ({
  synchronise: (path: string) => {
    disk.synced.push(path);
    return disk.sync();
  },
}));

let run: SpoolRun;
beforeEach(() => {
  disk.synced = [];
  disk.sync = async () => {};
  run = new SpoolRun();
});
afterEach(() => run.end());

async function untilRetired(...names: string[]): Promise<void> {
  await run.until(() => names.every((name) => run.names().includes(`${name}.COMPLETED`)));
}

it('waits for the sync of the directory', async () => {
  let tellSynced = (): void => {};
  disk.sync = () =>
    new Promise((resolve) => {
      tellSynced = resolve;
    });
  await run.start();
  run.write('a', 'one\n');
  await untilRetired('a');
  expect(disk.synced).toEqual([]);
  await run.until(() => disk.synced.length === 1);
  await run.pass(1000);
  expect(run.memory.memos).toMatchObject([{ path: 'a', retiredAt: undefined }]);
  tellSynced();
  await run.until(() => run.memory.told.length === 1);
  expect(run.memory.memos).toMatchObject([{ path: 'a.COMPLETED' }]);
});

it('remembers a file that is set aside until the sync', async () => {
  let tellSynced = (): void => {};
  disk.sync = () =>
    new Promise((resolve) => {
      tellSynced = resolve;
    });
  await run.start();
  run.write('bad.gz', gzipSync('a line\n'.repeat(10_000)).subarray(0, 60));
  await run.until(() => run.log.lines.some(([, message]) => message.includes('set aside')));
  await run.until(() => disk.synced.length === 1);
  expect(run.memory.memos).toMatchObject([{ path: 'bad.gz', retiredAt: undefined }]);
  tellSynced();
  await run.until(() => run.memory.memos.length === 0);
});

it('syncs a directory once for all that happens in it within a quarter of a second', async () => {
  const { clock, log, memory } = run;
  const names = new DurableNames({ clock, log, memory });
  const release = (): void => {};
  const adoption = new Adoption({ spool: SPOOL, log, memory, release });
  const file = adoption.begin('a', statSync('.', { bigint: true }), 0);
  for (const moment of [0, 100, 200, 300, 400]) {
    clock.advance(100);
    await nextTurn();
    names.retired(file, ['x', `y${moment}`]);
  }
  await names.flush();
  expect(disk.synced).toEqual(['x', 'y0', 'y100', 'y200', 'x', 'y300', 'y400']);
  expect(memory.told).toHaveLength(5);
});

it('syncs those that a move made, or put the file into, before the one it left', async () => {
  run.use({ after: { kind: 'move', directory: run.outside('done/deep') } });
  await run.start();
  rmdirSync(run.outside('done/deep'));
  run.write('a', 'one\n');
  await run.until(() => run.memory.told.length === 1);
  expect(disk.synced).toEqual([run.outside('done/deep'), run.outside('done'), run.directory]);
});

it('does what is still to be done when it ends', async () => {
  await run.start();
  run.write('a', 'one\n');
  await untilRetired('a');
  const { memory } = run;
  await run.shutDown();
  expect(disk.synced).toEqual([run.directory]);
  expect(memory.told).toEqual([['changed', run.path('a.COMPLETED')]]);
});

it('goes on where a directory cannot be synced, and says so once', async () => {
  disk.sync = async () => {
    throw systemError('EINVAL', 'invalid argument');
  };
  await run.start();
  for (const name of ['a', 'b']) {
    run.write(name, `${name}\n`);
    await untilRetired(name);
    await run.until(() => run.memory.memos.every(({ retiredAt }) => retiredAt !== undefined));
  }
  const warnings = run.log.lines.filter(([level]) => level === 'warn');
  expect(warnings.map(([, , fields]) => fields)).toMatchObject([{ directory: run.directory }]);
});

it('does nothing of that where nothing is kept', async () => {
  run.memory.isKept = false;
  await run.start();
  run.write('a', 'one\n');
  await untilRetired('a');
  await run.pass(5000);
  expect(disk.synced).toEqual([]);
});
