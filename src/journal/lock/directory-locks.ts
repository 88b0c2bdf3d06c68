/** The locks of all the directories of a run. */
import { DirectoryLock } from './directory-lock.js';

export class DirectoryLocks {
  readonly #locks = new Map<string, DirectoryLock>();

  /**
   * Locks a spool directory, also again, where another one has its name now. Rejects with a
   * `LogwinError` (`source-unusable`) where another process has it.
   */
  async claim(directory: string): Promise<void> {
    this.#locks.set(directory, await DirectoryLock.take(directory));
  }

  /** Never rejects. */
  async release(): Promise<void> {
    for (const lock of this.#locks.values()) await lock.release();
    this.#locks.clear();
  }
}
