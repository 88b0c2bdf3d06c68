/**
 * Retires the files that are complete: read to their end, settled, and acknowledged. Several at a
 * time, beside the reading, so that a large file holds up nobody's retirement.
 */
import type { Clock } from '../../core/clock.js';
import type { FileReader } from './file-reader.js';
import type { Retirement } from './retirement.js';
import type { SpooledFile } from './spooled-file.js';

/** Files that are retired side by side. */
const SIDE_BY_SIDE = 8;

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

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** Resolves when those of the files that are complete are retired, as far as that can be done. */
  async retire(files: Iterable<SpooledFile>): Promise<void> {
    const complete = [...files].filter((file) => this.#isComplete(file));
    const retireNext = async (): Promise<void> => {
      for (let file = complete.pop(); file && this.#options.proceed(); file = complete.pop()) {
        await this.#complete(file);
      }
    };
    await Promise.all(Array.from({ length: SIDE_BY_SIDE }, retireNext));
  }

  #isComplete(file: SpooledFile): boolean {
    const { clock, hasSettled } = this.#options;
    if (file.busy || file.isOutOfReach || file.isUnread || !hasSettled(file)) return false;
    if (file.place !== 'spool') return file.hasUnfinishedLine;
    return file.keptTo !== file.readTo && clock.monotonic() >= file.retryAt;
  }

  async #complete(file: SpooledFile): Promise<void> {
    // Whatever happened to it since it was chosen.
    if (!this.#isComplete(file)) return;
    if (file.hasUnfinishedLine) await this.#options.reader.read(file);
    await file.untilAcknowledged();
    if (!this.#isComplete(file) || file.hasUnfinishedLine) return;
    file.busy = true;
    await this.#options.retirement.finish(file);
    file.busy = false;
  }
}
