/** Moving and deleting: never another file than the one that is meant. */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
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
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemError } from '../../src/core/errors.js';
import { identityOf } from '../../src/source/spool/file-identity.js';
import { deleteFile, isAsMeant, type Meant, moveFile } from '../../src/source/spool/file-mover.js';

const faults = vi.hoisted(() => ({
  /** Of links by this. */
  link: (_from: string, _to: string): void => {},
  /** Of renames. */
  rename: (_from: string, _to: string): void => {},
  /** Of copies. */
  copy: (): void => {},
}));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    link: async (from: string, to: string) => {
      faults.link(from, to);
      return real.link(from, to);
    },
    rename: async (from: string, to: string) => {
      faults.rename(from, to);
      return real.rename(from, to);
    },
    copyFile: async (from: string, to: string) => {
      await real.copyFile(from, to);
      faults.copy();
    },
  };
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'logwin-test-'));
  faults.link = () => {};
  faults.rename = () => {};
  faults.copy = () => {};
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

  it('spares a file that took the old name once the new one was given', async () => {
    const meant = write('a', 'mine');
    const other = write('other', 'not mine');
    faults.rename = (from) => {
      faults.rename = () => {};
      if (from === meant.path) renameSync(other.path, meant.path);
    };
    expect(await moveFile(meant, naming)).toBe(join(directory, 'done'));
    expect(readFileSync(join(directory, 'done'), 'utf8')).toBe('mine');
    expect(readFileSync(meant.path, 'utf8')).toBe('not mine');
    expect(readdirSync(directory).sort()).toEqual(['a', 'done']);
  });

  it('ends what a run began that was killed when the file had both names', async () => {
    const meant = write('a', 'mine');
    linkSync(meant.path, join(directory, 'done'));
    expect(await moveFile(meant, naming)).toBe(join(directory, 'done'));
    expect(readdirSync(directory)).toEqual(['done']);
  });

  it.each(['EPERM', 'ENOTSUP', 'EMLINK'])(
    'does it by a claim where a link gives %s',
    async (code) => {
      faults.link = () => {
        throw systemError(code, 'no second name');
      };
      write('done', 'first');
      expect(await moveFile(write('a', 'mine'), naming)).toBe(join(directory, 'done.2'));
      const meant = write('a', 'mine');
      const other = write('other', 'not mine');
      faults.rename = (from) => {
        faults.rename = () => {};
        if (from === meant.path) renameSync(other.path, meant.path);
      };
      expect(await moveFile(meant, naming)).toBeUndefined();
      expect(readFileSync(meant.path, 'utf8')).toBe('not mine');
      expect(readdirSync(directory).sort()).toEqual(['a', 'done', 'done.2']);
    },
  );

  describe('to another file system', () => {
    const done = (): string => join(directory, 'there/done');
    beforeEach(() => {
      mkdirSync(join(directory, 'there'));
      faults.link = (from, to) => {
        if (dirname(from) !== dirname(to)) throw systemError('EXDEV', 'another file system');
      };
    });

    it('gives the name to a copy that is whole, and to none before', async () => {
      faults.copy = () => expect(existsSync(done())).toBe(false);
      expect(await moveFile(write('a', 'mine'), done)).toBe(done());
      expect(readFileSync(done(), 'utf8')).toBe('mine');
      expect(readdirSync(join(directory, 'there'))).toEqual(['done']);
      expect(readdirSync(directory)).toEqual(['there']);
    });

    it('leaves nothing behind when the copy fails', async () => {
      faults.copy = () => {
        throw systemError('ENOSPC', 'no space left');
      };
      await expect(moveFile(write('a', 'mine'), done)).rejects.toThrow('no space left');
      expect(readdirSync(join(directory, 'there'))).toEqual([]);
      expect(readdirSync(directory)).toEqual(['a', 'there']);
    });

    it('leaves nothing behind when the file changes meanwhile', async () => {
      const meant = write('a', 'mine');
      faults.copy = () => writeFileSync(meant.path, 'more than before');
      expect(await moveFile(meant, done)).toBeUndefined();
      expect(readdirSync(join(directory, 'there'))).toEqual([]);
      expect(readFileSync(meant.path, 'utf8')).toBe('more than before');
    });
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
