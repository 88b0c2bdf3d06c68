/**
 * What an earlier run left of files that are not waiting under their names: those that it had retired,
 * or was about to. The others are recalled when they are met.
 */
import type { BigIntStats } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Origin } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import { systemCode } from '../../core/errors.js';
import { type FileMemo, type FileMemory, GRACE } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import type { Adoption } from './adoption.js';
import { suffixed } from './disposal.js';
import type { DurableNames } from './durable-names.js';
import { statusOf, wasSameFile } from './file-identity.js';
import { LEFTOVER } from './file-mover.js';
import type { SpoolIndex } from './spool-index.js';
import { LOOKS_PER_BREATH, type Sighting } from './spool-scan.js';
import type { SpooledFile } from './spooled-file.js';

interface RecollectionOptions {
  readonly spool: SpoolOptions;
  readonly adoption: Adoption;
  readonly index: SpoolIndex;
  readonly names: DurableNames;
  readonly memory: FileMemory;
  readonly clock: Clock;
  readonly log: Logger;
}

export class Recollection {
  readonly #options: RecollectionOptions;

  constructor(options: RecollectionOptions) {
    this.#options = options;
  }

  /** Before the first look at the directory. Throws only for a bug. */
  async recall(): Promise<void> {
    const { memory, adoption } = this.#options;
    const memos = memory.memosOf(adoption.root);
    for (const [number, memo] of memos.entries()) {
      if (number % LOOKS_PER_BREATH === 0) await nextTurn();
      if (memo.retiredAt === undefined) this.#recallUnfinished(memo);
      else this.#recallRetired(memo, memo.retiredAt);
    }
    await this.#clearLeftovers(memos);
  }

  #recallRetired(memo: FileMemo, retiredAt: number): void {
    const { clock } = this.#options;
    // The clock may have been set back.
    const age = Math.max(0, clock.wall() - retiredAt);
    const stats = memo.gone || age >= GRACE ? undefined : this.#find(memo, memo.path);
    if (stats === undefined) this.#drop(memo);
    else this.#readmit({ path: memo.path, stats }, clock.monotonic() - age);
  }

  /** The run may have ended between the renaming and the record of it. */
  #recallUnfinished(memo: FileMemo): void {
    const { spool, names, clock, adoption } = this.#options;
    if (spool.after.kind !== 'rename' || this.#find(memo, memo.path)) return;
    const sighting = this.#findRetired(memo);
    const file = sighting && this.#readmit(sighting, clock.monotonic());
    if (file) names.retired(file, [dirname(adoption.nameOf(file.path))]);
  }

  #findRetired(memo: FileMemo): Sighting | undefined {
    const { spool, adoption } = this.#options;
    for (let n = 1; ; n += 1) {
      const path = suffixed(memo.path, spool.suffix, n);
      const stats = statusOf(adoption.nameOf(path));
      if (stats === undefined) return undefined;
      if (wasSameFile(memo.identity, stats)) return { path, stats };
    }
  }

  /** What is appended to it counts until the grace time since `leftAt`, monotonic, is over. */
  #readmit(sighting: Sighting, leftAt: number): SpooledFile | undefined {
    const { adoption, index, clock } = this.#options;
    const file = adoption.adoptRetired(sighting, clock.monotonic(), leftAt);
    if (file) index.readmit(file);
    return file;
  }

  /** The status of the path, if it names the file. */
  #find({ identity }: FileMemo, path: string): BigIntStats | undefined {
    const stats = statusOf(this.#options.adoption.nameOf(path));
    return stats && wasSameFile(identity, stats) ? stats : undefined;
  }

  #drop({ identity, path }: FileMemo): void {
    const { memory, adoption } = this.#options;
    const nobody: Origin = {
      name: adoption.nameOf(path),
      added() {},
      acknowledged() {},
      memo: () => undefined,
    };
    memory.recall(identity, nobody);
    memory.drop(nobody);
  }

  /** What a run left that was killed while it took a file's name away: see `file-mover.ts`. */
  async #clearLeftovers(memos: readonly FileMemo[]): Promise<void> {
    const { adoption } = this.#options;
    const directories = new Set(['.', ...memos.map(({ path }) => dirname(path))]);
    for (const directory of directories) {
      // One that is not there any more has nothing in it.
      const names = await readdir(adoption.nameOf(directory)).catch(() => []);
      const leftovers = names.filter((name) => LEFTOVER.test(name));
      for (const name of leftovers) await this.#clear(join(directory, name), memos);
    }
  }

  async #clear(path: string, memos: readonly FileMemo[]): Promise<void> {
    const { adoption, log } = this.#options;
    const file = adoption.nameOf(path);
    const stats = statusOf(file);
    if (stats === undefined) return;
    const memo = memos.find(({ identity }) => wasSameFile(identity, stats));
    try {
      if (isDoneWith(path, stats, memo)) {
        await unlink(file);
        if (memo) this.#drop(memo);
        return;
      }
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
    }
    log.warn('A file was left behind by a run that was killed; it is not read.', { file });
  }
}

/**
 * Whether nothing goes with this name: it is not the only one, or it is of the file that was meant, all
 * lines of which were counted before it lost its own. (A plain one may have been appended to since; and
 * another file may have had that name at the last moment.)
 */
function isDoneWith(path: string, stats: BigIntStats, memo: FileMemo | undefined): boolean {
  if (stats.nlink > 1n || stats.size === 0n) return true;
  if (LEFTOVER.exec(basename(path))?.[1] !== `${stats.ino}`) return false;
  return memo === undefined || memo.compressed || memo.position === Number(stats.size);
}
