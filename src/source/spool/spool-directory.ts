/**
 * The spool directory as a source: its life cycle.
 *
 * Three things go on side by side. Looks at the directory, four times a second and whenever a hint
 * comes, say which files there are. The reader gives one file after another its turn. The sweep
 * retires what was read to its end and has settled. So a large file holds up no other's retirement,
 * and many files settle at the same time.
 */
import type { SpoolOptions } from '../../core/config.js';
import type { Intake, Source } from '../../core/stages.js';
import { FormerFiles } from './former-files.js';
import { Signal } from './signal.js';
import { type SpoolSurroundings, SpoolWorks } from './spool-works.js';
import type { SpooledFile } from './spooled-file.js';

/** How long what hints miss stays unseen, at most. Milliseconds, as all times here. */
const RESCAN = 250;
/** Between two looks that hints ask for. */
const HINT_GAP = 10;
/** Looking at very many files takes a while: whatever the hints say, a quarter of the time at most. */
const REST_PER_LOOK = 3;
/** A look that took long may have been held up by something else. */
const LONGEST_REST = 1000;

export class SpoolDirectory implements Source {
  readonly name: string;
  readonly #around: SpoolSurroundings;
  readonly #works: SpoolWorks;
  readonly #former: FormerFiles;
  readonly #hint = new Signal();
  /** Raised only by `stop`. */
  readonly #rest = new Signal();
  readonly #work = new Signal();
  #queue: SpooledFile[] = [];
  #intake: Intake | undefined;
  #stopping = false;

  constructor(options: SpoolOptions, around: SpoolSurroundings) {
    const { clock } = around;
    this.name = options.directory;
    this.#around = around;
    this.#works = new SpoolWorks(options, around, {
      deliver: (batch) => this.#intake?.put(batch) ?? Promise.resolve(),
      proceed: () => !this.#stopping,
      mayRetire: () => !this.#stopping,
      hasSettled: (file) => file.sight.hasSettled(clock.monotonic(), options.settle),
      onHint: () => this.#hint.raise(),
    });
    this.#former = new FormerFiles({
      directory: options.directory,
      index: this.#works.index,
      log: around.log,
    });
  }

  open(): Promise<void> {
    return this.#works.open();
  }

  begin(): Promise<void> {
    return this.#works.recall();
  }

  async run(intake: Intake): Promise<void> {
    this.#intake = intake;
    this.#works.watch.askForHints();
    await Promise.all([this.#lookOn(), this.#readOn()]);
    await this.#works.sweep.ended();
  }

  /** It never ends by itself. */
  toRead(): undefined {
    return undefined;
  }

  stop(): void {
    this.#stopping = true;
    this.#works.sweep.letGo();
    this.#hint.raise();
    this.#rest.raise();
    this.#work.raise();
  }

  /** What is complete was retired while it ran. */
  async retire(): Promise<void> {}

  async close(): Promise<{ readonly failed: number }> {
    await this.#works.close();
    return { failed: this.#works.retirement.failed };
  }

  async #lookOn(): Promise<void> {
    const { clock } = this.#around;
    while (!this.#stopping) {
      const begun = clock.monotonic();
      await this.#works.look();
      const took = clock.monotonic() - begun;
      await this.#former.look(clock.monotonic());
      this.#queue = this.#works.unread();
      if (this.#queue.length > 0) this.#work.raise();
      this.#works.sweep.offer(this.#works.files());
      const rest = Math.min(LONGEST_REST, Math.max(HINT_GAP, REST_PER_LOOK * took));
      await this.#rest.waitFor(clock, rest);
      await this.#hint.waitFor(clock, RESCAN);
    }
  }

  async #read(file: SpooledFile): Promise<void> {
    await this.#works.reader.read(file);
    // It grew during its turn, and the look that saw it grow could not put it in the queue.
    if (file.isUnread) this.#hint.raise();
  }

  async #readOn(): Promise<void> {
    while (!this.#stopping) {
      const file = this.#queue.shift();
      if (file === undefined) await this.#work.wait();
      else if (this.#works.isReadable(file)) await this.#read(file);
    }
  }
}
