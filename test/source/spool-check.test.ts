/** What is refused before anything is read. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpoolOptions } from '../../src/core/config.js';
import {
  checkDistinct,
  checkSpool,
  checkStateIsUnread,
} from '../../src/source/spool/spool-check.js';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'logwin-test-'));
  mkdirSync(join(base, 'a/b'), { recursive: true });
  mkdirSync(join(base, 'c'));
  symlinkSync('a', join(base, 'link-to-a'));
  writeFileSync(join(base, 'file'), '');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function spool(directory: string, options: Partial<SpoolOptions> = {}): SpoolOptions {
  return {
    directory: join(base, directory),
    include: [],
    ignore: [],
    recursive: false,
    order: 'oldest',
    after: { kind: 'rename' },
    suffix: '.COMPLETED',
    settle: 1000,
    once: false,
    ...options,
  };
}

function move(to: string): Partial<SpoolOptions> {
  return { after: { kind: 'move', directory: join(base, to) } };
}

describe('a spool directory', () => {
  it.each([
    ['does not exist', 'nowhere', /nowhere does not exist; create it \(mkdir -p/],
    ['is a file', 'file', /file is not a directory; .*logwin count/],
  ])('that %s is refused', async (_, directory, message) => {
    await expect(checkSpool(spool(directory))).rejects.toThrow(message);
    await expect(checkSpool(spool(directory))).rejects.toMatchObject({ exitCode: 3 });
  });

  it('gets a destination that does not exist, and is refused one that cannot be', async () => {
    await checkSpool(spool('a', move('new/deep')));
    await expect(checkSpool(spool('a', move('file/x')))).rejects.toThrow(/--after move:DIR/);
  });
});

describe('directories that are read together', () => {
  it('may not be the same, also by way of a link', async () => {
    for (const other of ['a', 'a/../a/', 'link-to-a']) {
      const both = [spool('a'), spool(other)];
      await expect(checkDistinct(both)).rejects.toThrow(/would read the same files twice/);
    }
    await checkDistinct([spool('a'), spool('c')]);
  });

  it('may lie in each other only when neither is read to its depth', async () => {
    await checkDistinct([spool('a'), spool('a/b')]);
    const deep = { recursive: true };
    for (const pair of [
      ['a', 'a/b'],
      ['a/b', 'link-to-a'],
      ['link-to-a/b', 'a'],
    ]) {
      const both = pair.map((directory) => spool(directory, deep));
      await expect(checkDistinct(both)).rejects.toThrow(/twice/);
    }
    await checkDistinct([spool('a', deep), spool('c', deep)]);
  });

  it('may not be where finished files are moved to', async () => {
    for (const to of ['a', 'link-to-a']) {
      await expect(checkDistinct([spool('a', move(to))])).rejects.toThrow(/itself read/);
      await expect(checkDistinct([spool('c', move(to)), spool('a', move(to))])).rejects.toThrow(
        /itself read/,
      );
    }
    const below = { recursive: true, ...move('a/b') };
    await checkDistinct([spool('a', below)]);
    await expect(checkDistinct([spool('c', below), spool('a', below)])).rejects.toThrow(/itself/);
  });
});

describe('the directory of the journal', () => {
  const at = (state: string, ...spools: readonly SpoolOptions[]): Promise<void> =>
    checkStateIsUnread(join(base, state), spools);

  it('may not be one in which logs are looked for', async () => {
    const deep = spool('a', { recursive: true });
    await expect(at('a', spool('c'), spool('a'))).rejects.toThrow(/where logs are looked for/);
    await expect(at('link-to-a', spool('a'))).rejects.toMatchObject({ exitCode: 2 });
    await expect(at('a/b/new/deeper', deep)).rejects.toThrow(/where logs are looked for/);
  });

  it('may be anywhere else', async () => {
    const deep = spool('a', { recursive: true });
    for (const state of ['a/.logwin', 'a/.hidden/b', 'c', 'new']) await at(state, deep);
    await at('a/b', spool('a'));
  });
});
