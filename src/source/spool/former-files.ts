/**
 * Files that are finished, or went away under us, are still looked at for a grace time: what somebody
 * appends through a descriptor that was open is counted (docs/architecture.md, promise 2).
 */
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GRACE } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import { isSameFile, statusOf } from './file-identity.js';
import type { SpoolIndex } from './spool-index.js';
import { LOOKS_PER_BREATH } from './spool-scan.js';
import type { SpooledFile } from './spooled-file.js';

/** Additions are rare, and finished files may be many: at most a thousand a second are looked at. */
const INTERVAL = 1000;
const INTERVAL_PER_FILE = 1;

interface FormerOptions {
  readonly directory: string;
  readonly index: SpoolIndex;
  readonly log: Logger;
}

export class FormerFiles {
  readonly #options: FormerOptions;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(options: FormerOptions) {
    this.#options = options;
  }

  /** Looks at all of them, unless that was done a moment ago; `now` is monotonic. */
  async look(now: number): Promise<void> {
    const { former } = this.#options.index;
    const interval = Math.max(INTERVAL, INTERVAL_PER_FILE * former.size);
    if (now - this.#lookedAt < interval) return;
    this.#lookedAt = now;
    let looks = 0;
    for (const file of former) {
      if (!file.busy) this.#lookAt(file, now);
      looks += 1;
      if (looks % LOOKS_PER_BREATH === 0) await nextTurn();
    }
  }

  #lookAt(file: SpooledFile, now: number): void {
    const stats = this.#stat(file);
    const isOver = now - file.leftAt >= GRACE;
    if (stats && isSameFile(file.identity, stats)) {
      file.observe(stats, now);
      if (!isOver || file.isUnread || file.hasUnfinishedLine || !file.isAcknowledged) return;
    } else {
      this.#sayLost(file);
      // Remembered all the same: it may come back under its name or another one.
      if (!isOver && file.place === 'gone') return;
    }
    this.#options.index.forget(file);
  }

  #sayLost(file: SpooledFile): void {
    if (file.finished || (!file.isUnread && !file.hasUnfinishedLine) || !file.isNews('lost'))
      return;
    this.#options.log.warn('A file went away before it was read to its end.', {
      file: file.name,
      unreadBytes: file.size - file.resumption.position,
    });
  }

  #stat(file: SpooledFile): BigIntStats | undefined {
    if (file.handle) return statusOf(file.handle.fd);
    if (file.place === 'gone') return undefined;
    return statusOf(join(this.#options.directory, file.path));
  }
}
