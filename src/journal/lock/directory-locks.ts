/** The locks of all the directories of a run. */
import { DirectoryLock } from './directory-lock.js';

export class DirectoryLocks {
  readonly #locks = new Map<string, DirectoryLock>();

  /**
   * Locks a spool directory, also again, where another one has its name now. Rejects with a
   * `LogwinError` (`source-unusable`) where another process has it.
   */
  async claim(directory: string): Promise<void> {
    const before = this.#locks.get(directory);
    const lock = await DirectoryLock.take(directory);
    this.#locks.set(directory, lock);
    // One outside the directory does not go away with it.
    if (before !== undefined && before.path !== lock.path) await before.release();
  }

  /** Never rejects. */
  async release(): Promise<void> {
    for (const lock of this.#locks.values()) await lock.release();
    this.#locks.clear();
  }
}
