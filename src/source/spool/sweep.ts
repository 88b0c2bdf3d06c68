/**
 * Retires the files that are complete: read to their end, settled, and acknowledged; and sets aside
 * those that are bad. Several at a time, beside the reading, so that neither a large file nor a slow
 * move holds up the others. Who waits for an acknowledgement holds up nobody.
 */
import type { Clock } from '../../core/clock.js';
import type { FileMemory } from '../../core/journal.js';
import type { FileReader } from './file-reader.js';
import type { Retirement } from './retirement.js';
import type { SpooledFile } from './spooled-file.js';

/** Files that are retired side by side. */
const LANES = 8;

interface SweepOptions {
  readonly reader: FileReader;
  readonly retirement: Retirement;
  readonly memory: FileMemory;
  readonly clock: Clock;
  readonly hasSettled: (file: SpooledFile) => boolean;
  /** Whether the run goes on; if not, nothing more is waited for. */
  readonly proceed: () => boolean;
  /** Whether to go on with the next file. */
  readonly mayRetire: () => boolean;
}

export class Sweep {
  readonly #options: SweepOptions;
  readonly #queue: SpooledFile[] = [];
  readonly #lanes = new Set<Promise<void>>();
  /** Files that nothing but the acknowledgement is missing of. */
  readonly #waiting = new Map<SpooledFile, Promise<void>>();
  #bug: unknown;

  constructor(options: SweepOptions) {
    this.#options = options;
  }

  /** Takes up those of the files that are complete, or bad. Throws what a file before these threw. */
  offer(files: Iterable<SpooledFile>): void {
    if (this.#bug !== undefined) throw this.#bug;
    for (const file of files) {
      if (file.isOffered || !this.#isDue(file)) continue;
      file.isOffered = true;
      this.#queue.push(file);
    }
    this.#openLanes();
  }

  /** Resolves when everything that was taken up is done with, or has been let go of. */
  async ended(): Promise<void> {
    while (this.#lanes.size > 0 || this.#waiting.size > 0) {
      await Promise.all([...this.#lanes, ...this.#waiting.values()]);
    }
    if (this.#bug !== undefined) throw this.#bug;
  }

  /** Whoever waits for an acknowledgement waits no more. */
  letGo(): void {
    for (const file of this.#waiting.keys()) file.letGo();
  }

  #openLanes(): void {
    while (this.#lanes.size < LANES && this.#queue.length > 0) this.#openLane();
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
      // Whatever happened to it since it was taken up.
      const isDue = this.#options.mayRetire() && this.#isDue(file);
      const isWaiting = isDue && (await this.#advance(file));
      // Not before: as long as we have it, it must not be taken up a second time.
      if (!isWaiting) file.isOffered = false;
    }
  }

  #isDue(file: SpooledFile): boolean {
    const { clock, hasSettled } = this.#options;
    if (file.busy || file.isOutOfReach) return false;
    if (file.isBad) return !file.isLeftAlone;
    if (file.isUnread || !hasSettled(file)) return false;
    if (file.place !== 'spool') return file.hasUnfinishedLine;
    return file.keptTo !== file.readTo && clock.monotonic() >= file.retryAt;
  }

  /** Resolves to whether the file waits to be acknowledged, and is then taken up again. */
  async #advance(file: SpooledFile): Promise<boolean> {
    const { reader, proceed } = this.#options;
    if (!file.isBad && file.hasUnfinishedLine) await reader.read(file);
    if (file.isRemembered) await this.#retire(file);
    else if (proceed() && this.#isDue(file)) this.#await(file);
    return this.#waiting.has(file);
  }

  async #retire(file: SpooledFile): Promise<void> {
    if (!this.#isDue(file) || (!file.isBad && file.hasUnfinishedLine)) return;
    const { retirement } = this.#options;
    file.busy = true;
    try {
      await (file.isBad ? retirement.setAside(file) : retirement.finish(file));
    } finally {
      file.busy = false;
    }
  }

  /** Takes the file up again once it is acknowledged. */
  #await(file: SpooledFile): void {
    const waiting = file.untilRemembered().then(() => {
      this.#waiting.delete(file);
      file.isOffered = file.isRemembered;
      if (!file.isOffered) return;
      this.#queue.push(file);
      this.#openLanes();
    });
    this.#waiting.set(file, waiting);
    this.#options.memory.demand(file);
  }
}
