/** What the commands have in common: a pipeline, its log, and what may end it. */
import type { Clock } from '../core/clock.js';
import { LogwinError, messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { type Outcome, Pipeline } from '../pipeline.js';
import { Log } from './log.js';
import type { Outputs } from './outputs.js';
import { ProgressDisplay } from './progress.js';
import type { Settings } from './resolve.js';
import { onSignals } from './signals.js';

/** What the commands are given beside their flags. */
export interface Context {
  readonly clock: Clock;
  readonly outputs: Outputs;
}

export class Run {
  readonly settings: Settings;
  readonly #context: Context;
  readonly #log: Log;
  readonly #pipeline: Pipeline;
  #isOutputBroken = false;

  /** Opens nothing. Rejects with `LogwinError('usage')` where window and slide do not fit. */
  static async create(settings: Settings, context: Context): Promise<Run> {
    const { clock, outputs } = context;
    const log = new Log(settings.log, outputs, clock);
    const around = { clock, log: log.logger, output: outputs.output };
    return new Run(settings, context, log, await Pipeline.create(settings.config, around));
  }

  private constructor(settings: Settings, context: Context, log: Log, pipeline: Pipeline) {
    this.settings = settings;
    this.#context = context;
    this.#log = log;
    this.#pipeline = pipeline;
  }

  get log(): Logger {
    return this.#log.logger;
  }

  /** Opens the log; from here on signals end the run gently. */
  open(): void {
    this.#log.open();
    this.#listen();
    onSignals(() => this.#pipeline.stop());
  }

  #listen(): void {
    const { log } = this;
    const linesDropped = (lines: number): void => {
      log.warn('Log lines were dropped, since nobody read them.', { lines });
    };
    const { output, error } = this.#context.outputs;
    error.listen({ linesDropped });
    output.listen({
      // As `head` does when it has seen enough.
      closed: () => this.#pipeline.stop(),
      failed: ({ message }) => {
        this.#isOutputBroken = true;
        log.error('Standard output cannot be written.', { error: message });
      },
      snapshotsDropped: (snapshots) => {
        log.warn('Snapshots were dropped, since the output did not take them in time.', {
          snapshots,
        });
      },
      linesDropped,
    });
  }

  /** Makes sure that the sources can be used. Rejects with a `LogwinError` where they cannot. */
  openSources(): Promise<void> {
    return this.#recording(this.#pipeline.open());
  }

  /** Runs the pipeline to its end. Rejects only for a bug. */
  async toEnd(): Promise<Outcome> {
    const progress = this.#progress();
    progress?.start();
    try {
      return await this.#recording(this.#pipeline.run());
    } finally {
      progress?.stop();
    }
  }

  /**
   * Says what is still to be said. Gives the exit code: 1 where a batch run could not count
   * everything, or could not show it; else 0.
   */
  close({ failed }: Outcome): number {
    this.#log.close();
    const isBatch = this.settings.config.mode === 'once';
    return isBatch && (failed > 0 || this.#isOutputBroken) ? 1 : 0;
  }

  /** Only a batch run has an end to come closer to. */
  #progress(): ProgressDisplay | undefined {
    const { outputs, clock } = this.#context;
    if (this.settings.config.mode !== 'once') return undefined;
    if (!outputs.error.terminal?.movesCursor) return undefined;
    return new ProgressDisplay(() => this.#pipeline.progress(), outputs.error, clock);
  }

  async #recording<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#recordFailure(error);
      throw error;
    }
  }

  /** Standard error is told anyway; where the log is a file, that would not know why it ends. */
  #recordFailure(error: unknown): void {
    if (this.settings.log.file === undefined) return;
    const isBug = error instanceof Error && !(error instanceof LogwinError);
    const stack = isBug ? { stack: error.stack ?? '' } : {};
    this.log.error('The run failed.', { error: messageOf(error), ...stack });
  }
}
