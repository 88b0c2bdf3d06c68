/**
 * Retires the files that are complete: read to their end, settled, and acknowledged. Several at a
 * time, beside the reading, so that neither a large file nor a slow move holds up the others.
 */
import type { Clock } from '../../core/clock.js';
import type { FileReader } from './file-reader.js';
import type { Retirement } from './retirement.js';
import type { SpooledFile } from './spooled-file.js';

/** Files that are retired side by side. */
const LANES = 8;

interface SweepOptions {
  readonly reader: FileReader;
  readonly retirement: Retirement;
  readonly clock: Clock;
  readonly hasSettled: (file: SpooledFile) => boolean;
  /** Whether to go on with the next file. */
  readonly proceed: () => boolean;
}

export class Sweep {
  readonly #options: SweepOptions;
  readonly #queue: SpooledFile[] = [];
  readonly #lanes = new Set<Promise<void>>();
  #bug: unknown;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** Takes up those of the files that are complete. Throws what a file before these threw. */
  offer(files: Iterable<SpooledFile>): void {
    if (this.#bug !== undefined) throw this.#bug;
    for (const file of files) {
      if (file.isOffered || !this.#isComplete(file)) continue;
      file.isOffered = true;
      this.#queue.push(file);
    }
    while (this.#lanes.size < LANES && this.#queue.length > 0) this.#openLane();
  }

  /** Resolves when everything that was taken up is done with. */
  async ended(): Promise<void> {
    await Promise.all(this.#lanes);
    if (this.#bug !== undefined) throw this.#bug;
  }

  #openLane(): void {
    const lane: Promise<void> = this.#work()
      .catch((bug: unknown) => {
        this.#bug = bug;
      })
      .finally(() => this.#lanes.delete(lane));
    this.#lanes.add(lane);
  }

  async #work(): Promise<void> {
    for (let file = this.#queue.shift(); file; file = this.#queue.shift()) {
      try {
        if (this.#options.proceed()) await this.#complete(file);
      } finally {
        // Not before: while it waits here, it must not be taken up a second time.
        file.isOffered = false;
      }
    }
  }

  #isComplete(file: SpooledFile): boolean {
    const { clock, hasSettled } = this.#options;
    if (file.busy || file.isBad || file.isOutOfReach || file.isUnread) return false;
    if (!hasSettled(file)) return false;
    if (file.place !== 'spool') return file.hasUnfinishedLine;
    return file.keptTo !== file.readTo && clock.monotonic() >= file.retryAt;
  }

  async #complete(file: SpooledFile): Promise<void> {
    // Whatever happened to it since it was taken up.
    if (!this.#isComplete(file)) return;
    if (file.hasUnfinishedLine) await this.#options.reader.read(file);
    await file.untilAcknowledged();
    if (!this.#isComplete(file) || file.hasUnfinishedLine) return;
    file.busy = true;
    try {
      await this.#options.retirement.finish(file);
    } finally {
      file.busy = false;
    }
  }
}
