/**
 * Moves and deletes finished files without ever touching another one: `rename` overwrites silently,
 * and like `unlink` takes whatever the name means at that moment. So a file gets its new name by
 * `link`, which fails where that exists; and it loses its old one by way of a hidden name, under which
 * its identity is looked at before anything is deleted. A file that was not meant is put back.
 *
 * A run that is killed in between leaves the file under both names, or under a hidden one.
 */
import { randomInt } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import { copyFile, link, lstat, open, rename, rm, unlink, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemCode } from '../../core/errors.js';
import type { Identity } from '../../core/journal.js';
import { synchronise } from '../../core/synchronise.js';
import { isSameFile } from './file-identity.js';

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
  let target: string;
  try {
    target = await linkToFree(meant, naming);
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EXDEV') return copyAcross(meant, naming);
    if (LINKLESS.has(code)) return renameAway(meant, naming);
    throw error;
  }
  if (await isSameAt(target, meant)) {
    await removeName(meant);
    return target;
  }
  await unlink(target);
  return undefined;
}

/** Deletes the file. Resolves to whether it was what is meant. Throws what the system says. */
export async function deleteFile(meant: Meant): Promise<boolean> {
  return (await isAsMeant(meant)) && removeName(meant);
}

/** Names that only a run that was killed leaves behind, with the inode of the file that was meant. */
export const LEFTOVER = /^\.logwin-\d+-(\d+)-\d+$/;

/** Of all the ways to say that there is no second name for this file, or on this file system. */
const LINKLESS = new Set(['EPERM', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** A name that nobody else has or wants. */
function hiddenName(directory: string, { identity }: Meant): string {
  const some = randomInt(2 ** 47);
  return join(directory, `.logwin-${process.pid}-${identity.inode}-${some}`);
}

/** Gives the file at the path the first free name as well. A run that was killed may have begun. */
async function linkToFree(meant: Meant, naming: Naming): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const target = naming(attempt);
    try {
      await link(meant.path, target);
      return target;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
      if (await isSameAt(target, meant)) return target;
    }
  }
}

/** Takes the path from the file. Resolves to whether it still was the file's. */
async function removeName(meant: Meant): Promise<boolean> {
  const hidden = hiddenName(dirname(meant.path), meant);
  try {
    await rename(meant.path, hidden);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  if (await isSameAt(hidden, meant)) {
    await unlink(hidden);
    return true;
  }
  await putBack(hidden, meant.path);
  return false;
}

/** Somebody gave the path to another file at the last moment: that one is not finished. */
async function putBack(from: string, path: string): Promise<void> {
  await renameToFree(from, (attempt) => (attempt === 1 ? path : `${path}.${attempt}`));
}

/**
 * To another file system: a copy that is on the disk, all of it, before it gets the name, and before
 * the original goes.
 */
async function copyAcross(meant: Meant, naming: Naming): Promise<string | undefined> {
  let copy = hiddenName(dirname(naming(1)), meant);
  try {
    await copyFile(meant.path, copy, constants.COPYFILE_EXCL);
    const modified = Number(meant.modified) / 1e9;
    await utimes(copy, modified, modified);
    await synchronise(copy);
    copy = await renameToFree(copy, naming);
    // Where that cannot be done, it is as durable as it gets.
    await synchronise(dirname(copy)).catch(() => {});
    if (await deleteFile(meant)) return copy;
  } catch (error) {
    await rm(copy, { force: true });
    throw error;
  }
  await unlink(copy);
  return undefined;
}

/** The same as `moveFile` where a file cannot have two names. */
async function renameAway(meant: Meant, naming: Naming): Promise<string | undefined> {
  const target = await renameToFree(meant.path, naming);
  if (await isSameAt(target, meant)) return target;
  await putBack(target, meant.path);
  return undefined;
}

/** Claims the name first, by creating it: that fails where it exists. */
async function renameToFree(from: string, naming: Naming): Promise<string> {
  const target = await claim(naming);
  try {
    await rename(from, target);
    return target;
  } catch (error) {
    await unlink(target);
    throw error;
  }
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

async function isSameAt(path: string, { identity }: Meant): Promise<boolean> {
  const stats = await lstatIfThere(path);
  return stats !== undefined && isSameFile(identity, stats);
}

async function lstatIfThere(path: string): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
