/**
 * The parts of a spool directory, put together. What runs them, and when, is the affair of the two
 * sources: the directory that is watched, and the batch run over one.
 */

import type { Batch } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import type { FileMemory } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import { type Cutting, type Deliver, releaseBatch } from '../lines/cutting.js';
import { Adoption } from './adoption.js';
import { DirectoryWatch, type WatchForHints } from './directory-watch.js';
import { DurableNames } from './durable-names.js';
import { comparison } from './file-order.js';
import { FileReader } from './file-reader.js';
import { OpenFiles } from './open-files.js';
import { Recollection } from './recollection.js';
import { Retirement } from './retirement.js';
import { checkSpool, realPath } from './spool-check.js';
import { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';
import { Sweep } from './sweep.js';

export interface SpoolSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly cutting: Cutting;
  /** What is to be remembered of files over a restart. */
  readonly memory: FileMemory;
  /**
   * Makes sure that no other process works on the directory. Rejects with a `LogwinError` that says who
   * does.
   */
  readonly claim: (directory: string) => Promise<void>;
  /** Watches a directory for changes; left out, only the regular looks find them. */
  readonly watchForHints?: WatchForHints;
}

/** What the two sources do in ways of their own. */
interface SpoolConduct {
  readonly deliver: Deliver;
  /** Whether reading goes on, and waiting for what was read to be acknowledged. */
  readonly proceed: () => boolean;
  /** Whether finished files may still be retired. */
  readonly mayRetire: () => boolean;
  /** Whether a file is complete once it was read to its end. */
  readonly hasSettled: (file: SpooledFile) => boolean;
  readonly onHint: () => void;
}

export class SpoolWorks {
  readonly index: SpoolIndex;
  readonly openFiles: OpenFiles;
  readonly watch: DirectoryWatch;
  readonly reader: FileReader;
  readonly retirement: Retirement;
  readonly sweep: Sweep;
  readonly #adoption: Adoption;
  readonly #names: DurableNames;
  readonly #recollection: Recollection;
  readonly #options: SpoolOptions;
  readonly #clock: Clock;
  readonly #hasSettled: (file: SpooledFile) => boolean;

  constructor(options: SpoolOptions, around: SpoolSurroundings, conduct: SpoolConduct) {
    const { clock, log, cutting } = around;
    const release = (batch: Batch): void => releaseBatch(cutting, batch);
    const openFiles = new OpenFiles(options.directory, log);
    const adoption = new Adoption({ ...around, spool: options, release });
    const index = new SpoolIndex({ ...around, adoption, openFiles });
    const names = new DurableNames(around);
    const shared = { ...around, ...conduct, spool: options, index, openFiles, names, adoption };
    this.#options = options;
    this.#clock = clock;
    this.#hasSettled = conduct.hasSettled;
    this.#adoption = adoption;
    this.#names = names;
    this.openFiles = openFiles;
    this.index = index;
    this.watch = new DirectoryWatch(options, around, conduct.onHint);
    this.reader = new FileReader(shared);
    this.retirement = new Retirement(shared);
    this.#recollection = new Recollection(shared);
    this.sweep = new Sweep({ ...shared, reader: this.reader, retirement: this.retirement });
  }

  /** Makes sure that the directory can be used. Throws a `LogwinError` that says what to do. */
  async open(): Promise<void> {
    await checkSpool(this.#options);
    await this.watch.open();
    this.#adoption.root = await realPath(this.#options.directory);
  }

  /** Takes in what an earlier run left of files that no look finds. Before the first look. */
  recall(): Promise<void> {
    return this.#recollection.recall();
  }

  /** Looks at the directory, and takes in what is there. */
  async look(): Promise<void> {
    this.index.beginLook();
    const sightings = await this.watch.look();
    if (sightings) this.index.reconcile(sightings, this.#clock.monotonic());
  }

  /** All files that there may be something to do about. */
  files(): SpooledFile[] {
    return [...this.index.files.values(), ...this.index.former];
  }

  /** Those that there is something to read of, in the order in which it is to be read. */
  unread(): SpooledFile[] {
    return this.files()
      .filter((file) => this.isReadable(file))
      .sort(comparison(this.#options.order));
  }

  isReadable(file: SpooledFile): boolean {
    if (file.busy || file.isBad || file.isOutOfReach || !file.isUnread) return false;
    if (this.#clock.monotonic() < file.retryAt) return false;
    return !file.compressed || this.#hasSettled(file);
  }

  async close(): Promise<void> {
    await this.watch.close();
    await this.#names.flush();
    for (const file of this.files()) await this.openFiles.close(file);
  }
}
