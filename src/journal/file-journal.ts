/**
 * The journal: records of what was added, in a file, so that counts and positions outlive the process.
 *
 * A record is taken when a pane is sealed, when somebody waits for one, when much has come together, and
 * a while (`period`) after the first line that none covers. Writing goes on beside all that: while one
 * write is under way, records gather for the next. Where writing fails, counting goes on without
 * records, and a new segment, which restates everything, is tried every second.
 */
import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Batch, Origin } from '../core/batch.js';
import type { Clock, Timer } from '../core/clock.js';
import { systemCode } from '../core/errors.js';
import { type FileMemo, GRACE, type Identity, type Journal, type Terms } from '../core/journal.js';
import type { KeyTable } from '../core/keys.js';
import type { Logger } from '../core/logger.js';
import type { WindowCounts } from '../core/stages.js';
import { JournalFile } from './journal-file.js';
import { KnownFiles } from './known-files.js';
import { DirectoryLock } from './lock/directory-lock.js';
import { Recorder } from './recorder.js';
import { readJournal, unusable } from './restore/read-journal.js';
import { restore } from './restore/restore.js';
import { Segments } from './segments.js';

export interface JournalSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
}

interface JournalOptions extends JournalSurroundings {
  /** The state directory; made if need be. */
  readonly directory: string;
  /** The lock of a spool directory does not cover it. */
  readonly isElsewhere: boolean;
  /** What the counts depend on. */
  readonly terms: Terms;
  /** What was added is not without a record for longer. Milliseconds. */
  readonly period: number;
}

export class FileJournal implements Journal {
  readonly isKept = true;
  readonly #options: JournalOptions;
  readonly #files = new KnownFiles();
  /** Both from `open` on. */
  #recorder: Recorder | undefined;
  #file: JournalFile | undefined;
  /** Origins of which somebody waits for every line to be durable. */
  readonly #demanded = new Set<Origin>();
  #held: DirectoryLock | undefined;
  #isClosed = false;
  #timer: Timer | undefined;
  #forgetting: Timer | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
  }

  async open(window: WindowCounts, keys: KeyTable): Promise<void> {
    const { directory, isElsewhere, terms, clock, log } = this.#options;
    await make(directory);
    if (isElsewhere) await this.#lock();
    const { state, ...found } = await readJournal(directory, log);
    restore(state, { ...this.#options, window, keys, files: this.#files });
    const recorder = new Recorder({ window, keys, files: this.#files, terms });
    this.#recorder = recorder;
    const lock = (): Promise<void> => this.#lock();
    const segments = new Segments({ directory, log, lock, ...found });
    this.#file = new JournalFile({ directory, recorder, segments, clock, log });
    await this.#file.write();
    if (state === undefined && recorder.isRecording) log.info('A journal is begun.', { directory });
    this.#forgetting = clock.after(GRACE, () => this.#forgetMissing());
  }

  recall(identity: Identity, by: Origin): FileMemo | undefined {
    return this.#files.recall(identity, by);
  }

  memosOf(directory: string): readonly FileMemo[] {
    return this.#files.memosOf(directory);
  }

  added({ origin, end }: Batch): void {
    this.#recorder?.added(origin, end);
    if (this.#demanded.has(origin)) this.#write();
    else this.#writeSoon();
  }

  demand(origin: Origin): void {
    this.#demanded.add(origin);
    // There is no other reason to record it.
    if (origin.memo()?.position === 0) this.#recorder?.added(origin, 0);
    this.#write();
  }

  changed(origin: Origin): void {
    this.#demanded.delete(origin);
    this.#recorder?.changed(origin);
    this.#writeSoon();
  }

  drop(origin: Origin): void {
    this.#demanded.delete(origin);
    const number = this.#files.drop(origin);
    if (number !== undefined) this.#dropped([number]);
  }

  sealing(): void {
    this.#write();
  }

  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#forgetting?.cancel();
    this.#isClosed = true;
    this.#recorder?.record(true);
    const isWritten = await this.#file?.close();
    await this.#held?.release();
    if (isWritten !== false || !this.#recorder?.hasUncovered) return;
    const message =
      'The last lines are in no journal; what is still in a file, the next run reads again.';
    this.#options.log.warn(message, { directory: this.#options.directory });
  }

  /** Where a spool directory holds the journal, this is the lock that the directory has anyway. */
  async #lock(): Promise<void> {
    const { directory } = this.#options;
    this.#held = await DirectoryLock.takeAt(join(directory, 'lock'), directory);
  }

  #dropped(numbers: readonly number[]): void {
    this.#recorder?.dropped(numbers);
    this.#writeSoon();
  }

  #write(): void {
    if (this.#isClosed) return;
    this.#recorder?.record();
    void this.#file?.write();
  }

  #writeSoon(): void {
    if (this.#isClosed) return;
    if (this.#recorder?.isDue) this.#write();
    this.#timer ??= this.#options.clock.after(this.#options.period, () => {
      this.#timer = undefined;
      this.#write();
    });
  }

  #forgetMissing(): void {
    void this.#files.forgetMissing().then((numbers) => this.#dropped(numbers));
  }
}

async function make(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw unusable(directory, error);
  }
}
