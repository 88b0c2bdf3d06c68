/**
 * A file is who it is, not what it is called: docs/architecture.md, promise 3. Inodes are used again at once, so
 * the time of birth belongs to the identity; `cp` over a file keeps all three, which is what the
 * fingerprint is for.
 */
import { type BigIntStats, fstatSync, lstatSync } from 'node:fs';
import type { Identity } from '../../core/journal.js';

export function identityOf(stats: BigIntStats): Identity {
  return { device: stats.dev, inode: stats.ino, born: stats.birthtimeNs };
}

export function isSameFile(identity: Identity, stats: BigIntStats): boolean {
  return (
    identity.inode === stats.ino &&
    identity.device === stats.dev &&
    identity.born === stats.birthtimeNs
  );
}

/** Whether it was this file in an earlier run: since then the device may have got another number. */
export function wasSameFile(identity: Identity, stats: BigIntStats): boolean {
  return identity.inode === stats.ino && identity.born === stats.birthtimeNs;
}

/** For maps. */
export function identityKey(identity: Identity): string {
  return `${identity.device}:${identity.inode}:${identity.born}`;
}

/** What a path names, or a descriptor leads to, at this moment; undefined where that is nothing. */
export function statusOf(file: string | number): BigIntStats | undefined {
  try {
    if (typeof file === 'number') return fstatSync(file, { bigint: true });
    return lstatSync(file, { bigint: true, throwIfNoEntry: false });
  } catch {
    // Whatever hides it from us (a directory on the way that is none, say), it is out of sight.
    return undefined;
  }
}
