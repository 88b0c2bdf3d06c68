/** Runs of the program, one after the other, on the same directory. */
import type { Clock } from '../../src/core/clock.js';
import type { PipelineConfig } from '../../src/core/config.js';
import { messageOf } from '../../src/core/errors.js';
import type { LogFields, Logger } from '../../src/core/logger.js';
import { Writer } from '../../src/core/output/writer.js';
import { createCounting } from '../../src/pipeline.js';
import type { Counting, Outcome } from '../../src/run/counting.js';
import { Random } from '../../src/traffic/random.js';
import type { Counts } from './ledger.js';
import { Life, lives } from './life.js';
import { Printed } from './printed.js';
import type { Loss, Storage } from './storage.js';

interface DaemonOptions {
  readonly config: PipelineConfig;
  readonly clock: Clock;
  readonly storage: Storage;
  readonly seed: number;
  /** Given each snapshot. */
  readonly onCounts: (counts: Counts) => void;
  /** Something is wrong, whatever else comes out. */
  readonly onProblem: (problem: string) => void;
}

const SET_ASIDE = 'A file cannot be read and is set aside.';
const BROKEN =
  'The journal cannot be written; counting goes on, but no file is retired until it can.';
const RESTORED = 'What the run before counted goes on counting.';

export class Daemon {
  /** What the log said. */
  readonly log: string[] = [];
  readonly #options: DaemonOptions;
  readonly #random: Random;
  readonly #printed: Printed;
  #life: Life | undefined;
  /** When this run, or else the next one, is killed, and what is lost by that. */
  #changesLeft = Number.POSITIVE_INFINITY;
  #loss: Loss | undefined;
  #wasFull = false;
  #pipeline: Counting | undefined;
  #outcome: Outcome | undefined;
  /** Lines that the run before had counted when it ended as it was told to. */
  #linesBefore = 0;

  constructor(options: DaemonOptions) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#printed = new Printed(options.onCounts);
  }

  get latest(): Counts {
    return this.#printed.latest;
  }

  /** The run that is alive, if any. */
  get life(): Life | undefined {
    return this.#life?.isDead ? undefined : this.#life;
  }

  /** Resolves when the run is about to open what it works on. */
  async start(): Promise<void> {
    const { clock, storage } = this.#options;
    const seed = this.#random.below(2 ** 30);
    const life = new Life({ clock, storage, seed, onKilled: () => this.#onKilled() });
    life.killAfter(this.#changesLeft);
    this.#life = life;
    this.#outcome = undefined;
    this.log.push('-- started');
    const around = {
      clock: life,
      log: this.#logOf(life),
      output: new Writer(this.#printed, life),
    };
    this.#pipeline = await lives.run(life, () => createCounting(this.#options.config, around));
    void lives.run(life, () => this.#run(life, this.#pipeline));
  }

  /** Asks for the end, as a signal does. */
  stop(): void {
    const { life } = this;
    if (life) lives.run(life, () => this.#pipeline?.stop());
  }

  /** Whether the run has come to its end; a run that was told to may leave nothing open. */
  ended(): boolean {
    const life = this.#life;
    if (life === undefined || life.isDead) return true;
    if (this.#outcome === undefined) return false;
    if (life.descriptors.size > 0) this.#options.onProblem('A run left files open.');
    // Where there was no room for a record, the next run reads the lines again.
    this.#linesBefore = this.#options.storage.isFull ? 0 : this.#outcome.totals.lines;
    life.end();
    return true;
  }

  /** The run, or the next one, is killed when it has made so many changes; the power may fail, too. */
  killAfter(changes: number, loss?: Loss): void {
    this.#changesLeft = changes;
    this.#loss = loss;
    this.life?.killAfter(changes);
  }

  /** The disk is full from now on, or has room. */
  fill(isFull: boolean): void {
    this.#options.storage.isFull = isFull;
    this.#wasFull ||= isFull;
  }

  #onKilled(): void {
    this.log.push(this.#loss ? '-- the power fails' : '-- killed');
    this.#linesBefore = 0;
    if (this.#loss) this.#options.storage.strike(this.#loss, this.#random);
    this.#changesLeft = Number.POSITIVE_INFINITY;
    this.#loss = undefined;
  }

  async #run(life: Life, pipeline: Counting | undefined): Promise<void> {
    try {
      await pipeline?.open();
      this.#outcome = await pipeline?.run();
    } catch (error) {
      if (life.isDead) return;
      this.#options.onProblem(`A run broke off: ${messageOf(error)}`);
    }
  }

  #isExpected(error: string): boolean {
    return error === SET_ASIDE || (error === BROKEN && this.#wasFull);
  }

  #checkRestored(lines: number): void {
    if (lines >= this.#linesBefore) return;
    this.#options.onProblem(`${this.#linesBefore} lines were counted, and ${lines} restored`);
  }

  #logOf(life: Life): Logger {
    const say =
      (level: string) =>
      (message: string, fields: LogFields = {}): void => {
        if (life.isDead) return;
        this.log.push(`${level} ${message} ${JSON.stringify(fields)}`);
        if (level === 'error' && !this.#isExpected(message)) this.#options.onProblem(message);
        if (message === RESTORED) this.#checkRestored(Number(fields.lines));
      };
    return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
  }
}
