/**
 * One daemon a directory, by the directory's device and inode: the lock lies in the directory, and so
 * is found by whatever path leads there. Where nothing can be written, it lies in the temporary
 * directory, under a name made of the two. Machines, containers and temporary directories that know
 * nothing of each other do not keep each other out.
 */
import { lstat, mkdir, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogwinError, messageOf, systemCode } from '../../core/errors.js';
import { removeCompanions } from './lock-companions.js';
import { releaseLockFile, takeLockFile } from './lock-file.js';
import type { Holder } from './lock-holder.js';
import { liveHolderOf } from './lock-reading.js';

/** What a spool directory has of ours: its lock, and a journal where none is wanted elsewhere. */
export const HOME = '.logwin';

/** How the system says that nothing can be written to a directory. */
const UNWRITABLE: readonly unknown[] = ['EACCES', 'EROFS', 'EPERM', 'ENOSPC', 'EDQUOT'];

/** How often `.logwin` may go away, with the lock of one who ends, while we put ours into it. */
const ATTEMPTS = 100;

export class DirectoryLock {
  /** Of the lock file. */
  readonly path: string;
  /** The directory that was made for it, if any. */
  readonly #home: string | undefined;

  private constructor(path: string, home?: string) {
    this.path = path;
    this.#home = home;
  }

  /**
   * Locks a spool directory. What this process has locked already, and is still there, it has again;
   * the first release ends both. Rejects with a `LogwinError` (`source-unusable`) where another
   * process has it, or the lock can be written nowhere.
   */
  static async take(directory: string): Promise<DirectoryLock> {
    const home = join(directory, HOME);
    const inside = join(home, 'lock');
    const outside = await placeOutside(directory);
    const path = (await takesInside(directory, home)) ? inside : outside;
    if (path === outside) await takeOutside(directory, outside);
    const lock = new DirectoryLock(path, home);
    // Others may be able to write where we cannot, or the other way round.
    await lock.#excludeHolderOf(path === inside ? outside : inside, directory);
    return lock;
  }

  /**
   * Takes a lock file in a directory that is there; `what` it locks, the error says. Rejects as `take`
   * does.
   */
  static async takeAt(path: string, what: string): Promise<DirectoryLock> {
    try {
      await takePath(path, what);
      return new DirectoryLock(path);
    } catch (error) {
      throw unusable(error, what);
    }
  }

  /** Never rejects. What cannot be removed belongs to nobody once the process has ended. */
  async release(): Promise<void> {
    await releaseLockFile(this.path);
    // If there is more in it than the lock, it stays.
    if (this.#home !== undefined) await rmdir(this.#home).catch(() => {});
  }

  async #excludeHolderOf(path: string, directory: string): Promise<void> {
    try {
      const holder = await liveHolderOf(path);
      if (holder !== undefined) throw heldError(holder, directory);
    } catch (error) {
      await this.release();
      throw error;
    }
  }
}

async function placeOutside(directory: string): Promise<string> {
  try {
    const { dev, ino } = await stat(directory, { bigint: true });
    return join(tmpdir(), `logwin-${dev}-${ino}.lock`);
  } catch (error) {
    throw unusable(error, directory);
  }
}

/** Resolves to false where nothing can be written to the directory. */
async function takesInside(directory: string, home: string): Promise<boolean> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeHome(home);
      await takePath(join(home, 'lock'), directory);
      return true;
    } catch (error) {
      const code = systemCode(error);
      if (UNWRITABLE.includes(code)) return false;
      if (code !== 'ENOENT' || attempt === ATTEMPTS) throw unusable(error, directory);
    }
  }
}

async function takeOutside(directory: string, path: string): Promise<void> {
  try {
    await takePath(path, directory);
  } catch (error) {
    if (!isOfSystem(error)) throw error;
    const places = `neither ${directory} nor ${tmpdir()} can be written`;
    const message = `${places}, and one has to hold the lock (${messageOf(error)})`;
    throw new LogwinError('source-unusable', message, 'set TMPDIR to a directory that can');
  }
}

async function makeHome(home: string): Promise<void> {
  try {
    await mkdir(home);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    // A link might lead out of the spool directory.
    if ((await lstat(home)).isDirectory()) return;
    const message = `${home} is no directory of its own (links are not followed)`;
    const remedy = 'remove it; --state names a place for the journal';
    throw new LogwinError('source-unusable', message, remedy);
  }
}

async function takePath(path: string, what: string): Promise<void> {
  const holder = await takeLockFile(path);
  if (holder !== undefined) throw heldError(holder, what);
  await removeCompanions(path);
}

function heldError({ pid }: Holder, what: string): LogwinError {
  const message = `another logwin (pid ${pid}) works on ${what}`;
  return new LogwinError('source-unusable', message, 'stop it first, or name another directory');
}

function isOfSystem(error: unknown): boolean {
  return systemCode(error) !== undefined;
}

/** What the system says becomes a message; anything else stays what it is. */
function unusable(error: unknown, what: string): unknown {
  if (!isOfSystem(error)) return error;
  const message = `${what} cannot be locked: ${messageOf(error)}`;
  const isFull = ['ENOSPC', 'EDQUOT'].includes(systemCode(error) ?? '');
  const remedy = isFull ? 'make room on its disk' : 'name a directory that can be written';
  return new LogwinError('source-unusable', message, remedy);
}
