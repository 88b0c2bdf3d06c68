/** From what is known of a file to what is remembered of it, and back after a restart. */
import type { FileMemo } from '../../core/journal.js';
import type { SpooledFile } from './spooled-file.js';

/** Where a file is. */
export type Standing = Pick<FileMemo, 'path' | 'retiredAt' | 'gone'>;

/** As of the last batch that was added; undefined where that leaves nothing to remember. */
export function memoOf(file: SpooledFile): FileMemo | undefined {
  const { directory, standing, identity, account, fingerprint, compressed, keptTo } = file;
  const { position, lines, tail } = account;
  const isNews = position > 0 || keptTo >= 0 || standing.retiredAt !== undefined;
  // An empty file that is about to be retired, or was and is not known to be.
  if (!isNews && !file.isOffered && !file.finished) return undefined;
  return {
    directory,
    ...standing,
    identity,
    position,
    lines,
    head: fingerprint.head,
    tail,
    compressed,
    openEnd: file.openEndAt === position,
    keptTo,
  };
}

/** Has a new file go on where an earlier run stopped, if it turns out that the bytes are the same. */
export function resume(file: SpooledFile, memo: FileMemo): void {
  const { position, compressed, keptTo, path, retiredAt, gone } = memo;
  file.recalled = memo;
  file.standing = { path, retiredAt, gone };
  file.account.restore(memo);
  file.resumption = { position, scannedTo: position };
  // How far into a compressed file that was, nobody knows.
  file.readTo = compressed ? Math.max(0, keptTo) : position;
  file.compressed = compressed;
  file.openEndAt = memo.openEnd ? position : -1;
  file.keptTo = keptTo;
  file.fingerprint.restore(memo.head, compressed ? undefined : memo.tail);
  file.sight.suspect(file.readTo);
}
