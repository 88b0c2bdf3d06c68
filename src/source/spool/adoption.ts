/** Makes what is known of a file when it is met: from nothing, or from what an earlier run left. */
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import type { Batch } from '../../core/batch.js';
import type { SpoolOptions } from '../../core/config.js';
import type { FileMemo, FileMemory } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import { resume } from './file-memo.js';
import type { Sighting } from './spool-scan.js';
import { SpooledFile } from './spooled-file.js';

interface AdoptionOptions {
  readonly spool: SpoolOptions;
  readonly log: Logger;
  readonly memory: FileMemory;
  /** Takes back the memory of a batch that was added. */
  readonly release: (batch: Batch) => void;
}

export class Adoption {
  /** What the directory's path leads to, as in `FileMemo`; known once it is open. */
  root = '';
  readonly #options: AdoptionOptions;

  constructor(options: AdoptionOptions) {
    this.#options = options;
  }

  /** What the user would call a path in the directory. */
  nameOf(path: string): string {
    return join(this.#options.spool.directory, path);
  }

  /** A drop that nobody knows of; `now`, here and below, is monotonic. */
  begin(path: string, stats: BigIntStats, now: number): SpooledFile {
    const { release } = this.#options;
    const name = this.nameOf(path);
    return new SpooledFile({ directory: this.root, path, name, stats, now, release });
  }

  /** As an earlier run left it, unless that had retired it: then somebody wants it counted again. */
  adopt(path: string, stats: BigIntStats, now: number): SpooledFile {
    const { memory } = this.#options;
    const file = this.begin(path, stats, now);
    const memo = memory.recall(file.identity, file);
    if (memo === undefined) return file;
    if (memo.retiredAt !== undefined) {
      memory.drop(file);
      return this.begin(path, stats, now);
    }
    this.#resume(file, memo);
    if (memo.directory !== this.root || memo.path !== path) {
      this.follow(file, join(memo.directory, memo.path));
    }
    return file;
  }

  /**
   * A file that an earlier run retired, under its new path; `leftAt` is when that was. Undefined where
   * nothing is remembered of it.
   */
  adoptRetired({ path, stats }: Sighting, now: number, leftAt: number): SpooledFile | undefined {
    const file = this.begin(path, stats, now);
    const memo = this.#options.memory.recall(file.identity, file);
    if (memo === undefined) return undefined;
    this.#resume(file, memo);
    file.finished = true;
    file.leftAt = leftAt;
    file.place = 'retired';
    return file;
  }

  /** Somebody gave the file the name that it has now; `before` is the one that it had. */
  follow(file: SpooledFile, before: string): void {
    const { log, memory } = this.#options;
    log.info('A file has a new name; reading goes on under it.', { file: before, name: file.name });
    file.standing = { ...file.standing, path: file.path };
    if (file.memo()) memory.changed(file);
  }

  #resume(file: SpooledFile, memo: FileMemo): void {
    resume(file, memo);
    // What one run left in place the next one may be told to retire.
    if (this.#options.spool.after.kind !== 'keep') file.keptTo = -1;
  }
}
