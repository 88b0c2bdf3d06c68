/**
 * The spool directory as a source: its life cycle.
 *
 * Three things go on side by side. Looks at the directory, four times a second and whenever a hint
 * comes, say which files there are. The reader gives one file after another its turn. The sweep
 * retires what was read to its end and has settled. So a large file holds up no other's retirement,
 * and many files settle at the same time.
 */
import type { Clock } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import type { Logger } from '../../core/logger.js';
import type { Intake, Source } from '../../core/stages.js';
import { type Cutting, releaseBatch } from '../lines/cutting.js';
import { DirectoryWatch, type WatchForHints } from './directory-watch.js';
import { comparison } from './file-order.js';
import { FileReader } from './file-reader.js';
import { FormerFiles } from './former-files.js';
import { Retirement } from './retirement.js';
import { Signal } from './signal.js';
import { checkSpool } from './spool-check.js';
import { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';
import { Sweep } from './sweep.js';

/** How long what hints miss stays unseen, at most. */
const RESCAN = 250;
/** Between two looks that hints ask for. */
const HINT_GAP = 10;
/** Looking at very many files takes a while: whatever the hints say, a quarter of the time at most. */
const LOOKING_SHARE = 3;

export interface Surroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly cutting: Cutting;
  /** Watches a directory for changes; left out, only the regular looks find them. */
  readonly watchForHints?: WatchForHints;
}

export class SpoolDirectory implements Source {
  readonly name: string;
  readonly #options: SpoolOptions;
  readonly #clock: Clock;
  readonly #index: SpoolIndex;
  readonly #watch: DirectoryWatch;
  readonly #reader: FileReader;
  readonly #former: FormerFiles;
  readonly #retirement: Retirement;
  readonly #sweep: Sweep;
  readonly #look = new Signal();
  readonly #work = new Signal();
  #queue: SpooledFile[] = [];
  #intake: Intake | undefined;
  #sweeping: Promise<void> | undefined;
  /** Of a batch run, whose files stay as they are until its result is out. */
  readonly #bad: (() => Promise<void>)[] = [];
  #bug: unknown;
  #stopping = false;

  constructor(options: SpoolOptions, around: Surroundings) {
    const { clock, log, cutting } = around;
    this.name = options.directory;
    this.#options = options;
    this.#clock = clock;
    this.#index = new SpoolIndex(options.directory, log, (batch) => releaseBatch(cutting, batch));
    this.#watch = new DirectoryWatch(options, around, () => this.#look.raise());
    this.#reader = new FileReader({
      directory: options.directory,
      index: this.#index,
      cutting,
      clock,
      log,
      deliver: (batch) => this.#intake?.put(batch) ?? Promise.resolve(),
      proceed: () => !this.#stopping,
      isComplete: (file) => this.#hasSettled(file),
      onFailure: (file, error) => this.#setAside(file, error),
    });
    const parts = { index: this.#index, reader: this.#reader, clock };
    this.#former = new FormerFiles({ ...parts, log, directory: options.directory });
    this.#retirement = new Retirement({ ...parts, spool: options, log });
    this.#sweep = new Sweep({
      ...parts,
      retirement: this.#retirement,
      hasSettled: (file) => this.#hasSettled(file),
      proceed: () => options.once || !this.#stopping,
    });
  }

  /** A batch run reads what is there at this moment. */
  async open(): Promise<void> {
    await checkSpool(this.#options);
    if (this.#options.once) await this.#lookOnce();
  }

  async run(intake: Intake): Promise<void> {
    this.#intake = intake;
    if (this.#options.once) return this.#readOnce();
    this.#watch.start();
    await Promise.all([this.#lookOn(), this.#readOn()]);
    await this.#sweeping;
    if (this.#bug !== undefined) throw this.#bug;
  }

  toRead(): number | undefined {
    const files = [...this.#index.files.values()];
    if (files.some((file) => file.compressed)) return undefined;
    return files.reduce((sum, file) => sum + file.size, 0);
  }

  stop(): void {
    this.#stopping = true;
    this.#look.raise();
    this.#work.raise();
  }

  /** After a batch run: what was read to its end and is as it was. */
  async retire(): Promise<void> {
    if (!this.#options.once) return;
    for (const setAside of this.#bad) await setAside();
    await this.#sweep.retire(this.#index.files.values());
  }

  async close(): Promise<{ readonly failed: number }> {
    await this.#watch.close();
    for (const file of [...this.#index.files.values(), ...this.#index.former]) {
      await this.#reader.close(file);
    }
    return { failed: this.#retirement.failed };
  }

  async #readOnce(): Promise<void> {
    for (const file of this.#unread()) {
      if (!this.#stopping) await this.#reader.read(file);
    }
  }

  async #lookOn(): Promise<void> {
    while (!this.#stopping) {
      const begun = this.#clock.monotonic();
      await this.#lookOnce();
      const now = this.#clock.monotonic();
      await this.#former.look(now);
      this.#queue = this.#unread();
      if (this.#queue.length > 0) this.#work.raise();
      this.#sweepAside();
      await this.#rest(Math.max(HINT_GAP, LOOKING_SHARE * (now - begun)));
      await this.#look.waitFor(this.#clock, RESCAN);
    }
  }

  async #lookOnce(): Promise<void> {
    this.#index.beginLook();
    const sightings = await this.#watch.look();
    if (sightings) this.#index.reconcile(sightings, this.#clock.monotonic());
  }

  async #rest(delay: number): Promise<void> {
    const rested = new Signal();
    await rested.waitFor(this.#clock, delay);
  }

  async #readOn(): Promise<void> {
    while (!this.#stopping) {
      const file = this.#queue.shift();
      if (file === undefined) await this.#work.wait();
      else if (this.#isReadable(file)) await this.#reader.read(file);
    }
  }

  /** What there is to read, in the order in which it is to be read. */
  #unread(): SpooledFile[] {
    const files = [...this.#index.files.values(), ...this.#index.former];
    return files.filter((file) => this.#isReadable(file)).sort(comparison(this.#options.order));
  }

  #isReadable(file: SpooledFile): boolean {
    if (file.busy || file.isOutOfReach || !file.isUnread) return false;
    if (this.#clock.monotonic() < file.retryAt) return false;
    return !file.compressed || this.#hasSettled(file);
  }

  #hasSettled(file: SpooledFile): boolean {
    return this.#options.once || file.hasSettled(this.#clock.monotonic(), this.#options.settle);
  }

  /** Retires what is complete, unless that is under way. */
  #sweepAside(): void {
    if (this.#sweeping) return;
    this.#sweeping = this.#sweep
      .retire([...this.#index.files.values(), ...this.#index.former])
      .then(
        () => {
          this.#sweeping = undefined;
        },
        (bug: unknown) => {
          this.#bug = bug;
          this.stop();
        },
      );
  }

  async #setAside(file: SpooledFile, error: unknown): Promise<void> {
    if (!this.#options.once) return this.#retirement.setAside(file, error);
    this.#bad.push(() => this.#retirement.setAside(file, error));
  }
}
