/**
 * What an earlier run left, for a batch run: it counts no line that was counted before, and adds nothing
 * to the journal but which files are finished, of which the next run then need not look for more.
 */
import { join } from 'node:path';
import type { Origin } from '../core/batch.js';
import { messageOf, systemCode } from '../core/errors.js';
import type { FileMemo, Identity } from '../core/journal.js';
import type { Logger } from '../core/logger.js';
import { KnownFiles } from './known-files.js';
import { DirectoryLock } from './lock/directory-lock.js';
import { NoJournal } from './no-journal.js';
import { type FoundJournal, readJournal } from './restore/read-journal.js';
import { RecordWriter } from './segment/record-writer.js';
import { writeChange } from './segment/records.js';
import { amendSegment } from './segment/segment.js';

interface PastJournalOptions {
  readonly directory: string;
  /** The lock of a spool directory does not cover it. */
  readonly isElsewhere: boolean;
  readonly log: Logger;
}

export class PastJournal extends NoJournal {
  override readonly isKept = true;
  readonly #options: PastJournalOptions;
  readonly #files = new KnownFiles();
  readonly #finished: number[] = [];
  #found: FoundJournal | undefined;
  #lock: DirectoryLock | undefined;

  constructor(options: PastJournalOptions) {
    super();
    this.#options = options;
  }

  override async open(): Promise<void> {
    const { directory, isElsewhere, log } = this.#options;
    this.#found = await readJournal(directory, log);
    const { state } = this.#found;
    if (state === undefined) return;
    if (isElsewhere) this.#lock = await DirectoryLock.takeAt(join(directory, 'lock'), directory);
    this.#files.restore(state.memos);
  }

  override recall(identity: Identity, by: Origin): FileMemo | undefined {
    return this.#files.recall(identity, by);
  }

  override memosOf(directory: string): readonly FileMemo[] {
    return this.#files.memosOf(directory);
  }

  override changed(origin: Origin): void {
    if (origin.memo()?.retiredAt !== undefined) this.drop(origin);
  }

  override drop(origin: Origin): void {
    const number = this.#files.drop(origin);
    if (number !== undefined) this.#finished.push(number);
  }

  override async close(): Promise<void> {
    const { directory, log } = this.#options;
    try {
      await this.#recordFinished();
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      const message =
        'The journal cannot be told which files are finished; the next run may count what was appended to them.';
      log.warn(message, { directory, reason: messageOf(error) });
    }
    await this.#lock?.release();
  }

  async #recordFinished(): Promise<void> {
    const { state, latest } = this.#found ?? {};
    if (state === undefined || latest === undefined || this.#finished.length === 0) return;
    const records = new RecordWriter();
    writeChange(records, { marks: state.marks, memos: [], dropped: this.#finished });
    await amendSegment(latest, records.take());
  }
}
