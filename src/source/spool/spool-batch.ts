/**
 * One run over what is in a spool directory at its start (`--once`). Nothing is moved before the
 * result is out: if the run is killed before that, the next one counts everything.
 */
import { pause } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import type { Intake, Source } from '../../core/stages.js';
import { RETRY_DELAY } from './file-reader.js';
import { type SpoolSurroundings, SpoolWorks } from './spool-works.js';
import type { SpooledFile } from './spooled-file.js';

/** How often a file is tried that cannot be opened for want of something else. */
const TRIES = 5;

export class SpoolBatch implements Source {
  readonly name: string;
  readonly #around: SpoolSurroundings;
  readonly #works: SpoolWorks;
  #intake: Intake | undefined;
  #stopping = false;
  #missed = 0;
  /** How much an earlier run had read, in bytes of the positions. */
  #readBefore = 0;

  constructor(options: SpoolOptions, around: SpoolSurroundings) {
    this.name = options.directory;
    this.#around = around;
    this.#works = new SpoolWorks(options, around, {
      deliver: (batch) => this.#intake?.put(batch) ?? Promise.resolve(),
      proceed: () => !this.#stopping,
      mayRetire: () => true,
      hasSettled: () => true,
      onHint: () => {},
    });
  }

  open(): Promise<void> {
    return this.#works.open();
  }

  /** What is there at this moment is what the run is about. */
  async begin(): Promise<void> {
    await this.#works.look();
    this.#readBefore = this.#works.files().reduce((sum, file) => sum + file.resumption.position, 0);
  }

  async run(intake: Intake): Promise<void> {
    this.#intake = intake;
    for (const file of this.#works.unread()) await this.#read(file);
  }

  toRead(): number | undefined {
    const files = this.#works.files();
    if (files.some((file) => file.compressed)) return undefined;
    return files.reduce((sum, file) => sum + file.size, -this.#readBefore);
  }

  stop(): void {
    this.#stopping = true;
    this.#works.sweep.letGo();
  }

  async retire(): Promise<void> {
    const { sweep } = this.#works;
    sweep.offer(this.#works.files());
    await sweep.ended();
  }

  async close(): Promise<{ readonly failed: number }> {
    await this.#works.close();
    return { failed: this.#works.retirement.failed + this.#missed };
  }

  async #read(file: SpooledFile): Promise<void> {
    const { clock, log } = this.#around;
    for (let attempt = 1; attempt <= TRIES; attempt += 1) {
      if (this.#stopping) return;
      await this.#works.reader.read(file);
      if (file.retryAt === 0) break;
      file.retryAt = 0;
      await pause(clock, RETRY_DELAY);
    }
    if (file.isBad || this.#stopping || file.place !== 'spool' || file.readTo === file.size) return;
    this.#missed += 1;
    await file.untilAcknowledged();
    log.error('A file could not be read to its end.', { file: file.name, linesRead: file.lines });
  }
}
