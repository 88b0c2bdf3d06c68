/** Moving and deleting: never another file than the one that is meant. */
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from '../../src/source/spool/file-identity.js';
import { deleteFile, isAsMeant, type Meant, moveFile } from '../../src/source/spool/file-mover.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logwin-test-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(name: string, text: string): Meant {
  const path = join(directory, name);
  writeFileSync(path, text);
  const stats = lstatSync(path, { bigint: true });
  const identity = identityOf(stats);
  return { path, identity, size: Number(stats.size), modified: stats.mtimeNs };
}

const naming = (n: number): string => join(directory, n === 1 ? 'done' : `done.${n}`);

describe('moving a file', () => {
  it('takes the first free name and overwrites nothing', async () => {
    write('done', 'first');
    write('done.2', 'second');
    expect(await moveFile(write('a', 'mine'), naming)).toBe(join(directory, 'done.3'));
    expect(readFileSync(join(directory, 'done'), 'utf8')).toBe('first');
    expect(readFileSync(join(directory, 'done.3'), 'utf8')).toBe('mine');
    expect(readdirSync(directory).sort()).toEqual(['done', 'done.2', 'done.3']);
  });

  it.each([
    ['has grown', (meant: Meant) => writeFileSync(meant.path, 'more than before')],
    ['was touched', (meant: Meant) => utimesSync(meant.path, 1, 1)],
    ['was deleted', (meant: Meant) => unlinkSync(meant.path)],
    ['was replaced', (meant: Meant) => renameSync(write('other', 'mine').path, meant.path)],
  ])('does nothing when the file %s', async (_, change) => {
    const meant = write('a', 'mine');
    change(meant);
    expect(await isAsMeant(meant)).toBe(false);
    expect(await moveFile(meant, naming)).toBeUndefined();
    expect(existsSync(join(directory, 'done'))).toBe(false);
  });

  it('puts back a file that took the name at the last moment', async () => {
    const meant = write('a', 'mine');
    const other = write('other', 'not mine');
    const swapped = await moveFile(meant, (n) => {
      // Between the last look at the path and the rename.
      if (n === 1) renameSync(other.path, meant.path);
      return naming(n);
    });
    expect(swapped).toBeUndefined();
    expect(readFileSync(meant.path, 'utf8')).toBe('not mine');
    expect(readdirSync(directory)).toEqual(['a']);
  });

  it('leaves no empty file behind when the rename fails', async () => {
    const meant = write('a', 'mine');
    const gone = moveFile(meant, (n) => {
      unlinkSync(meant.path);
      return naming(n);
    });
    await expect(gone).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(directory)).toEqual([]);
  });

  const memory = '/dev/shm';
  const other = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev;
  it.skipIf(!other)('copies to another file system (needs /dev/shm)', async () => {
    const target = mkdtempSync(join(memory, 'logwin-test-'));
    const meant = write('a', 'mine');
    utimesSync(meant.path, 1_600_000_000, 1_600_000_000);
    const { mtimeNs } = lstatSync(meant.path, { bigint: true });
    const moved = await moveFile({ ...meant, modified: mtimeNs }, () => join(target, 'a'));
    expect(moved).toBe(join(target, 'a'));
    expect(readFileSync(join(target, 'a'), 'utf8')).toBe('mine');
    expect(statSync(join(target, 'a')).mtimeMs).toBe(1_600_000_000_000);
    expect(readdirSync(directory)).toEqual([]);
    rmSync(target, { recursive: true });
  });
});

describe('deleting a file', () => {
  it('deletes the one that is meant', async () => {
    expect(await deleteFile(write('a', 'mine'))).toBe(true);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('spares one that took its name', async () => {
    const meant = write('a', 'mine');
    renameSync(write('other', 'not mine').path, meant.path);
    expect(await deleteFile(meant)).toBe(false);
    expect(readFileSync(meant.path, 'utf8')).toBe('not mine');
  });
});
