/**
 * What an earlier run left, to be looked up and not to be changed: a batch run counts no line that was
 * counted before, and leaves the journal as it is.
 */
import type { Origin } from '../core/batch.js';
import type { FileMemo, Identity } from '../core/journal.js';
import type { Logger } from '../core/logger.js';
import { KnownFiles } from './known-files.js';
import { NoJournal } from './no-journal.js';
import { readJournal } from './restore/read-journal.js';

export class PastJournal extends NoJournal {
  readonly #directory: string;
  readonly #log: Logger;
  readonly #files = new KnownFiles();

  constructor(directory: string, log: Logger) {
    super();
    this.#directory = directory;
    this.#log = log;
  }

  override async open(): Promise<void> {
    const { state } = await readJournal(this.#directory, this.#log);
    if (state !== undefined) this.#files.restore(state.memos);
  }

  override recall(identity: Identity, by: Origin): FileMemo | undefined {
    return this.#files.recall(identity, by);
  }

  override memosOf(directory: string): readonly FileMemo[] {
    return this.#files.memosOf(directory);
  }
}
