/** The files beside a lock, with which it is taken: temporary ones, and claims. */
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { liveHolderOf } from './lock-reading.js';

/** Of what `nameBeside` adds. A claim has companions of its own. */
const SUFFIX = /^(\.[0-9a-f]{16})+$/;

/** The lock's path with the first eight of `bytes`. */
export function nameBeside(path: string, bytes: Buffer): string {
  return `${path}.${bytes.toString('hex', 0, 8)}`;
}

/**
 * Removes what processes left that were killed while they took the lock. To be called by the holder
 * alone: while he lives nobody succeeds anybody, so no claim is worth anything, and who misses his
 * temporary file begins anew. Never rejects.
 */
export async function removeCompanions(path: string): Promise<void> {
  const directory = dirname(path);
  const base = basename(path);
  try {
    for (const name of await readdir(directory)) {
      const isBeside = name.startsWith(base) && SUFFIX.test(name.slice(base.length));
      if (isBeside) await removeUnlessHeld(join(directory, name));
    }
  } catch {
    // Others may take away, or forbid, what they left.
  }
}

async function removeUnlessHeld(path: string): Promise<void> {
  if ((await liveHolderOf(path)) === undefined) await unlink(path);
}
