/** What is known of one drop of one file: how far it was read, and what was last seen of it. */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Batch, Origin } from '../../core/batch.js';
import type { FileMemo, Identity } from '../../core/journal.js';
import type { Resumption } from '../lines/line-cutter.js';
import { FileAccount } from './file-account.js';
import { identityOf } from './file-identity.js';
import { memoOf, type Standing } from './file-memo.js';
import { FileSight } from './file-sight.js';
import { Fingerprint } from './fingerprint.js';

/**
 * Where the file is to be found.
 *
 * - `spool`: under its path, waiting to be read or retired
 * - `retired`: finished, and renamed within the spool directory: found under its path
 * - `gone`: deleted, or moved where we do not look: found through its handle alone
 */
export type Place = 'spool' | 'retired' | 'gone';

/**
 * What is said of a file once.
 *
 * - `delayed`: it could not be opened for want of something else
 * - `stuck`: it is finished and cannot be retired
 * - `lost`: it went away with bytes that nobody read
 */
type Trouble = 'delayed' | 'stuck' | 'lost';

/** A file as it was met. */
export interface Met {
  /** The spool directory, as in `FileMemo`. */
  readonly directory: string;
  /** Relative to it. */
  readonly path: string;
  readonly name: string;
  readonly stats: BigIntStats;
  /** Monotonic. */
  readonly now: number;
  /** Gets every batch that was added, to take its memory back. */
  readonly release: (batch: Batch) => void;
}

export class SpooledFile implements Origin {
  // Who and where it is: the index writes these.

  readonly directory: string;
  /** Relative to the spool directory. */
  path: string;
  name: string;
  readonly identity: Identity;
  /** Orders the files; of the first sight, in nanoseconds. */
  readonly firstModified: bigint;
  readonly sight: FileSight;
  place: Place = 'spool';
  /** What of that would be found again after a crash: a rename may not be on the disk yet. */
  standing: Standing;
  /** It was retired; what comes after is an addition. */
  finished = false;
  /** Monotonic time at which it was retired or went away. */
  leftAt = 0;
  /** Which look at the directory saw it last. */
  sightedIn = 0;
  /**
   * The look that was under way, or had just been, when we did something to the file ourselves: what
   * that look saw of it may be older than what we know.
   */
  handledIn = 0;

  // How far it was read: the reader writes these.

  handle: FileHandle | undefined;
  /** How far lines were given. Of a compressed file in decompressed bytes. */
  resumption: Resumption = { position: 0, scannedTo: 0 };
  /** How far the file was read, in bytes of the file; beyond `position` by an unfinished line. */
  readTo = 0;
  compressed = false;
  /** Position after the last line that was given although it has no line end. */
  openEndAt = -1;
  readonly fingerprint = new Fingerprint();
  /** What an earlier run did, until the file was held against it. */
  recalled: FileMemo | undefined;

  // What is done with it, and what is not: reader, sweep and retirement write these.

  /** Somebody is at work on the file; nobody else may begin. */
  busy = false;
  /** The sweep has taken it up and is not done with it. */
  isOffered = false;
  /** Why it could not be read (to its end). */
  fault: unknown;
  /** It is bad and cannot be taken out of the way: left alone until it changes. */
  isLeftAlone = false;
  /** `--after keep`: how far it had been read when it was said to be finished. */
  keptTo = -1;
  /** Monotonic time before which neither reading nor retiring it is tried (again). */
  retryAt = 0;
  readonly #said = new Set<Trouble>();

  readonly account = new FileAccount();
  readonly #release: (batch: Batch) => void;

  constructor({ directory, path, name, stats, now, release }: Met) {
    this.directory = directory;
    this.path = path;
    this.name = name;
    this.identity = identityOf(stats);
    this.firstModified = stats.mtimeNs;
    this.sight = new FileSight(stats, now);
    this.standing = { path, retiredAt: undefined, gone: false };
    this.#release = release;
  }

  memo(): FileMemo | undefined {
    return memoOf(this);
  }

  /** Whether this is the first time that there is this trouble with the file. */
  isNews(trouble: Trouble): boolean {
    if (this.#said.has(trouble)) return false;
    this.#said.add(trouble);
    return true;
  }

  added(batch: Batch, lines: number): void {
    this.account.add(batch, lines);
    this.#release(batch);
  }

  acknowledged(position: number): void {
    this.account.acknowledgedTo = Math.max(this.account.acknowledgedTo, position);
    if (this.isRemembered) this.letGo();
  }

  /** Lines that are in the window: all that were given, once that is acknowledged. */
  get lines(): number {
    return this.account.lines;
  }

  /** Whether all lines that were given are accounted for. */
  get isAcknowledged(): boolean {
    return Math.max(0, this.account.acknowledgedTo) === this.resumption.position;
  }

  /**
   * Whether the file would be known after a crash, with all its lines. One that gave none is remembered
   * when that is demanded: after it was retired, who wrote it may go on.
   */
  get isRemembered(): boolean {
    return this.account.acknowledgedTo === this.resumption.position;
  }

  /** Resolves when all lines are acknowledged, or when somebody lets go of those who wait for it. */
  async untilAcknowledged(): Promise<void> {
    if (!this.isAcknowledged) await this.account.wait();
  }

  /** The same for being remembered. */
  async untilRemembered(): Promise<void> {
    if (!this.isRemembered) await this.account.wait();
  }

  letGo(): void {
    this.account.letGo();
  }

  get size(): number {
    return this.sight.size;
  }

  /** Takes in what the file looks like now; `now` is monotonic. */
  observe(stats: BigIntStats, now: number): void {
    if (!this.sight.take(stats, now)) return;
    this.fault = undefined;
    this.isLeftAlone = false;
  }

  /** It could not be read (to its end), and has not changed since. */
  get isBad(): boolean {
    return this.fault !== undefined;
  }

  /** Something of it was read. */
  get isBegun(): boolean {
    return this.readTo > 0 || this.resumption.position > 0;
  }

  /** There is neither a name nor a descriptor that leads to it. */
  get isOutOfReach(): boolean {
    return this.place === 'gone' && this.handle === undefined;
  }

  /** Whether there may be something to read, now or once it has settled. */
  get isUnread(): boolean {
    return this.readTo !== this.size || this.sight.suspicion !== 'none';
  }

  /** A line without a line end is waiting for the file to settle. */
  get hasUnfinishedLine(): boolean {
    return !this.compressed && this.resumption.position < this.readTo;
  }

  /** The last line was given without a line end, and nothing was read of what follows it. */
  get hasOpenEnd(): boolean {
    return this.openEndAt === this.resumption.position && !this.hasUnfinishedLine;
  }
}
