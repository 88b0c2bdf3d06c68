/**
 * Moves and deletes finished files without ever touching another one: `rename` overwrites silently
 * and takes whatever the name means at that moment. So a new name is claimed first (by creating it,
 * which fails where it exists), and after a rename the identity of what was moved is looked at; a
 * file that was not meant is put back.
 */
import { type BigIntStats, constants } from 'node:fs';
import { copyFile, lstat, open, rename, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../core/errors.js';
import { type Identity, isSameFile } from './file-identity.js';

/** The file that is meant, as it was last seen; both to be found under `path`. */
export interface Meant {
  readonly path: string;
  readonly identity: Identity;
  readonly size: number;
  readonly modified: bigint;
}

/** The n-th name to try, from 1. */
type Naming = (attempt: number) => string;

/** Whether the path still names the file, and the file is as it was last seen. */
export async function isAsMeant(meant: Meant): Promise<boolean> {
  const stats = await lstatIfThere(meant.path);
  return (
    stats !== undefined &&
    isSameFile(meant.identity, stats) &&
    Number(stats.size) === meant.size &&
    stats.mtimeNs === meant.modified
  );
}

/**
 * Gives the file the first free name. Resolves to that name, or to undefined where the path does not
 * name what is meant any more; then nothing has changed. Throws what the system says.
 */
export async function moveFile(meant: Meant, naming: Naming): Promise<string | undefined> {
  if (!(await isAsMeant(meant))) return undefined;
  const target = await claim(naming);
  try {
    await rename(meant.path, target);
  } catch (error) {
    if (systemCode(error) === 'EXDEV') return copyAcross(meant, target);
    await unlink(target);
    throw error;
  }
  const moved = await lstat(target, { bigint: true });
  if (isSameFile(meant.identity, moved)) return target;
  await putBack(target, meant.path);
  return undefined;
}

/** Deletes the file. Resolves to whether it was what is meant. Throws what the system says. */
export async function deleteFile(meant: Meant): Promise<boolean> {
  const name = `.logwin-${process.pid}-${meant.identity.inode}`;
  const doomed = await moveFile(meant, (attempt) =>
    join(dirname(meant.path), `${name}-${attempt}`),
  );
  if (doomed === undefined) return false;
  await unlink(doomed);
  return true;
}

/** To another file system: a copy that is on the disk before the original goes. */
async function copyAcross(meant: Meant, target: string): Promise<string | undefined> {
  try {
    await copyFile(meant.path, target);
    const modified = Number(meant.modified) / 1e9;
    await utimes(target, modified, modified);
    await synchronise(target);
    if (await deleteFile(meant)) return target;
  } catch (error) {
    await unlink(target);
    throw error;
  }
  await unlink(target);
  return undefined;
}

async function synchronise(path: string): Promise<void> {
  const file = await open(path, constants.O_RDWR);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Somebody gave the path to another file at the last moment: that one is not finished. */
async function putBack(from: string, path: string): Promise<void> {
  const target = await claim((attempt) => (attempt === 1 ? path : `${path}.${attempt}`));
  await rename(from, target);
}

async function claim(naming: Naming): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const target = naming(attempt);
    try {
      const file = await open(target, 'wx');
      await file.close();
      return target;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

async function lstatIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
