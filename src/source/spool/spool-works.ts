/**
 * The parts of a spool directory, put together. What runs them, and when, is the affair of the two
 * sources: the directory that is watched, and the batch run over one.
 */
import type { Clock } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import type { Logger } from '../../core/logger.js';
import { type Cutting, type Deliver, releaseBatch } from '../lines/cutting.js';
import { DirectoryWatch, type WatchForHints } from './directory-watch.js';
import { comparison } from './file-order.js';
import { FileReader } from './file-reader.js';
import { OpenFiles } from './open-files.js';
import { Retirement } from './retirement.js';
import { checkSpool } from './spool-check.js';
import { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';
import { Sweep } from './sweep.js';

export interface SpoolSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly cutting: Cutting;
  /** Watches a directory for changes; left out, only the regular looks find them. */
  readonly watchForHints?: WatchForHints;
}

/** What the two sources do in ways of their own. */
interface SpoolConduct {
  readonly deliver: Deliver;
  /** Whether reading goes on. */
  readonly proceed: () => boolean;
  /** Whether finished files may still be retired. */
  readonly mayRetire: () => boolean;
  /** Whether a file is complete once it was read to its end. */
  readonly hasSettled: (file: SpooledFile) => boolean;
  /** A file cannot be read, or not to its end. */
  readonly onBad: (file: SpooledFile, error: unknown) => Promise<void>;
  readonly onHint: () => void;
}

export class SpoolWorks {
  readonly index: SpoolIndex;
  readonly openFiles: OpenFiles;
  readonly watch: DirectoryWatch;
  readonly reader: FileReader;
  readonly retirement: Retirement;
  readonly sweep: Sweep;
  readonly #options: SpoolOptions;
  readonly #clock: Clock;
  readonly #hasSettled: (file: SpooledFile) => boolean;

  constructor(options: SpoolOptions, around: SpoolSurroundings, conduct: SpoolConduct) {
    const { directory } = options;
    const { clock, log, cutting } = around;
    this.#options = options;
    this.#clock = clock;
    this.#hasSettled = conduct.hasSettled;
    this.openFiles = new OpenFiles(directory, log);
    this.index = new SpoolIndex({
      directory,
      log,
      release: (batch) => releaseBatch(cutting, batch),
      openFiles: this.openFiles,
    });
    this.watch = new DirectoryWatch(options, around, conduct.onHint);
    const shared = { ...around, ...conduct, index: this.index, openFiles: this.openFiles };
    this.reader = new FileReader(shared);
    this.retirement = new Retirement({ ...shared, spool: options });
    this.sweep = new Sweep({
      ...shared,
      reader: this.reader,
      retirement: this.retirement,
      proceed: conduct.mayRetire,
    });
  }

  /** Makes sure that the directory can be used. Throws a `LogwinError` that says what to do. */
  async open(): Promise<void> {
    await checkSpool(this.#options);
    await this.watch.open();
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
    for (const file of this.files()) await this.openFiles.close(file);
  }
}
