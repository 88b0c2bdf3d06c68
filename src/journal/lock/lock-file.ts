/**
 * A lock as a file that names its holder. It appears with its whole content (a `link`, which fails
 * where the name is taken) and is the dead's once its holder runs no more. Whoever wants to succeed a
 * dead holder first takes the claim to that: a lock of the same kind, named after what the dead one
 * wrote. So there is one successor at a time, and one that died on the way is succeeded itself.
 */
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { link, rename, unlink, writeFile } from 'node:fs/promises';
import { LogwinError, systemCode } from '../../core/errors.js';
import { nameBeside } from './lock-companions.js';
import { type Holder, isAlive, ownContent, parseContent } from './lock-holder.js';
import { readLockFile, readWholeLockFile } from './lock-reading.js';

/** How a file system without hard links answers to `link`. */
const NO_LINKS: readonly unknown[] = ['EPERM', 'ENOTSUP', 'ENOSYS'];

/** Fails where the name is taken, and follows no link. */
const NEW_FILE = { flag: 'wx', mode: 0o644 } as const;

/**
 * Takes the lock. Resolves to undefined when this process has it (maybe had it before), else to who
 * has it, or is about to. Rejects with a `LogwinError` (`source-unusable`) that names the file which
 * is in the way, and with what the system says where nothing can be written there.
 */
export async function takeLockFile(path: string): Promise<Holder | undefined> {
  for (;;) {
    if (await create(path)) return undefined;
    const content = await readWholeLockFile(path);
    if (content === undefined) continue;
    if (content === ownContent()) return undefined;
    const holder = parseContent(content);
    if (holder !== undefined && isAlive(holder)) return holder;
    const rival = await succeed(path, content);
    if (rival !== undefined) return rival;
  }
}

/** Removes the lock if it is this process's. Never rejects: what stays is soon a dead one's. */
export async function releaseLockFile(path: string): Promise<void> {
  try {
    if ((await readLockFile(path)) === ownContent()) await unlink(path);
  } catch {
    // It was taken away, or all access to it.
  }
}

async function create(path: string): Promise<boolean> {
  const temporary = await writeTemporary(path);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (NO_LINKS.includes(code)) return createAtOnce(path);
    // Or the holder found the temporary file, and removed it.
    if (code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  } finally {
    await unlink(temporary).catch(() => {});
  }
}

/** Others may see it before it has its content, and look again: so both in one go. */
function createAtOnce(path: string): boolean {
  try {
    writeFileSync(path, ownContent(), NEW_FILE);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Resolves to undefined when the lock was succeeded to, or is no more what it was. */
async function succeed(path: string, stale: string): Promise<Holder | undefined> {
  const claim = nameBeside(path, createHash('sha256').update(stale).digest());
  const rival = await takeLockFile(claim);
  if (rival !== undefined) return rival;
  try {
    if ((await readLockFile(path)) === stale) await replace(path);
  } finally {
    await releaseLockFile(claim);
  }
  return undefined;
}

async function replace(path: string): Promise<void> {
  const temporary = await writeTemporary(path);
  try {
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => {});
    const message = `the lock ${path} is nobody's, and cannot be replaced (${systemCode(error)})`;
    throw new LogwinError('source-unusable', message, 'remove it');
  }
}

async function writeTemporary(path: string): Promise<string> {
  const temporary = nameBeside(path, randomBytes(8));
  try {
    await writeFile(temporary, ownContent(), NEW_FILE);
    return temporary;
  } catch (error) {
    // On a full disk it is made all the same, and empty.
    await unlink(temporary).catch(() => {});
    throw error;
  }
}
