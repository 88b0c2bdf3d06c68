/**
 * What every run has in front of its channels: sources, the journal that knows how far they were read, and
 * the locks that keep others away from their directories.
 */
import type { Journal } from '../core/journal.js';
import type { KeyTable } from '../core/keys.js';
import type { Source, WindowCounts } from '../core/stages.js';

/** Held for as long as the run lasts. */
export interface Locks {
  release(): Promise<void>;
}

interface UpstreamOptions {
  readonly sources: readonly Source[];
  readonly journal: Journal;
  readonly locks: Locks | undefined;
  /** Of what is to be sure once all sources are open. Throws a `LogwinError`. */
  readonly check: () => Promise<void>;
}

export class Upstream {
  readonly sources: readonly Source[];
  readonly journal: Journal;
  readonly #locks: Locks | undefined;
  readonly #check: () => Promise<void>;

  constructor({ sources, journal, locks, check }: UpstreamOptions) {
    this.sources = sources;
    this.journal = journal;
    this.#locks = locks;
    this.#check = check;
  }

  /**
   * Makes sure that the sources can be used and nobody else uses them, and goes on from where an
   * earlier run was. Throws a `LogwinError` that says what to do.
   */
  async open(counts: WindowCounts, keys: KeyTable): Promise<void> {
    try {
      for (const source of this.sources) await source.open();
      await this.#check();
      await this.journal.open(counts, keys);
      for (const source of this.sources) await source.begin();
    } catch (error) {
      // A port, for one, would be held until the process ends.
      await Promise.all(this.sources.map((source) => source.close()));
      await this.#release();
      throw error;
    }
  }

  stop(): void {
    for (const source of this.sources) source.stop();
  }

  /** How many bytes there are to read, where all sources know. */
  toRead(): number | undefined {
    let sum = 0;
    for (const source of this.sources) {
      const size = source.toRead();
      if (size === undefined) return undefined;
      sum += size;
    }
    return sum;
  }

  /**
   * The journal last but the locks, for what becomes of files is told to it. Resolves to the number of
   * files that were set aside or could not be read.
   */
  async close(): Promise<number> {
    const closed = await Promise.all(this.sources.map((source) => source.close()));
    await this.#release();
    return closed.reduce((sum, { failed }) => sum + failed, 0);
  }

  async #release(): Promise<void> {
    await this.journal.close();
    await this.#locks?.release();
  }
}
