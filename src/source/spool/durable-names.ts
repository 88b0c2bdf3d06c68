/**
 * Says when a rename or a deletion is on the disk, and only then has it remembered: a record of it that
 * outlives the rename itself would have the file lost, or counted twice.
 */
import type { Clock, Timer } from '../../core/clock.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { FileMemory } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import { synchronise } from '../../core/synchronise.js';
import type { SpooledFile } from './spooled-file.js';

/** Milliseconds. What happened in a directory within this time is made durable by one sync of it. */
const GATHERING = 250;

interface DurableNamesOptions {
  readonly memory: FileMemory;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Pending {
  readonly directories: readonly string[];
  readonly remember: () => void;
}

export class DurableNames {
  readonly #options: DurableNamesOptions;
  #pending: Pending[] = [];
  #timer: Timer | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  constructor(options: DurableNamesOptions) {
    this.#options = options;
  }

  /** The file was retired; names in these directories changed by that. */
  retired(file: SpooledFile, directories: readonly string[]): void {
    const { memory, clock } = this.#options;
    const standing = { path: file.path, retiredAt: clock.wall(), gone: file.place === 'gone' };
    this.#whenDurable(directories, () => {
      file.standing = standing;
      memory.changed(file);
    });
  }

  /** The file was set aside; names in these directories changed by that. */
  setAside(file: SpooledFile, directories: readonly string[]): void {
    this.#whenDurable(directories, () => this.#options.memory.drop(file));
  }

  /** Resolves when all that was told until now is remembered. Never rejects, but for a bug. */
  flush(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#syncing = this.#syncing.then(() => this.#sync());
    return this.#syncing;
  }

  #whenDurable(directories: readonly string[], remember: () => void): void {
    if (!this.#options.memory.isKept) return;
    this.#pending.push({ directories, remember });
    this.#timer ??= this.#options.clock.after(GATHERING, () => void this.flush());
  }

  async #sync(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    const all = pending.flatMap(({ directories }) => directories);
    // A name must not be gone for good before the other one is there for good.
    const gaining = pending.flatMap(({ directories }) => directories.slice(0, -1));
    for (const directory of new Set([...gaining, ...all])) await this.#syncDirectory(directory);
    for (const { remember } of pending) remember();
  }

  /** Some file systems cannot; then it is as durable as it gets. */
  async #syncDirectory(directory: string): Promise<void> {
    try {
      await synchronise(directory);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      this.#sayFailed(directory, error);
    }
  }

  #sayFailed(directory: string, error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    const message =
      'A directory cannot be synced; after a power failure finished files may be counted again.';
    this.#options.log.warn(message, { directory, reason: messageOf(error) });
  }
}
