/** What stands in a lock file, whatever it is that lies under its name. */
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { pause, systemClock } from '../../core/clock.js';
import { LogwinError, systemCode } from '../../core/errors.js';
import { type Holder, isAlive, ownContent, parseContent } from './lock-holder.js';

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;

/** Longer than any content is. */
const MAX_CONTENT = 1024;

/** How often, and after how many milliseconds, a lock with part of its content is looked at again. */
const LOOKS = 25;
const BETWEEN_LOOKS = 20;

/**
 * The content of what the path names, the empty string if that is no file, or undefined if there is
 * nothing. Links are not followed. Rejects with a `LogwinError` where it cannot be read.
 */
export async function readLockFile(path: string): Promise<string | undefined> {
  try {
    return (await lstat(path)).isFile() ? await readStart(path) : '';
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return undefined;
    const message = `the lock ${path} cannot be read (${code})`;
    throw new LogwinError('source-unusable', message, 'remove it if no logwin works there');
  }
}

/** As `readLockFile`; waits half a second for the rest of what may be in the making. */
export async function readWholeLockFile(path: string): Promise<string | undefined> {
  for (let look = 1; ; look += 1) {
    const content = await readLockFile(path);
    if (content === undefined || parseContent(content) !== undefined) return content;
    if (look === LOOKS) return content;
    await pause(systemClock, BETWEEN_LOOKS);
  }
}

/** Who has the lock, if not this process or nobody. Rejects as `readLockFile` does. */
export async function liveHolderOf(path: string): Promise<Holder | undefined> {
  const content = await readLockFile(path);
  if (content === undefined || content === ownContent()) return undefined;
  const holder = parseContent(content);
  return holder !== undefined && isAlive(holder) ? holder : undefined;
}

async function readStart(path: string): Promise<string> {
  // Should it be a pipe by now, nobody waits for a writer.
  const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_CONTENT), 0, MAX_CONTENT, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await file.close();
  }
}
