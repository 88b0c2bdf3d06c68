/** What the commands have in common: a run of the pipeline, its log, and what may end it. */
import type { Clock } from '../core/clock.js';
import { LogwinError, messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Progress, Surroundings } from '../pipeline.js';
import { Log } from './log.js';
import type { LogSettings } from './log-settings.js';
import type { Outputs } from './outputs.js';
import { ProgressDisplay } from './progress.js';
import { onSignals } from './signals.js';

/** What the commands are given beside their flags. */
export interface Context {
  readonly clock: Clock;
  readonly outputs: Outputs;
}

/** What a command runs: see `run/`. */
export interface Job<O> {
  open(): Promise<void>;
  run(): Promise<O>;
  stop(): void;
  progress?(): Progress;
}

interface RunOptions<O> {
  readonly log: LogSettings;
  /** It has an end, to which it may tell its progress, and a result that may be incomplete. */
  readonly isBatch: boolean;
  /** Opens nothing. */
  readonly create: (around: Surroundings) => Promise<Job<O>>;
}

export class Run<O extends { readonly failed: number }> {
  readonly #options: RunOptions<O>;
  readonly #context: Context;
  readonly #log: Log;
  readonly #job: Job<O>;
  #isOutputBroken = false;

  /** Opens nothing. Rejects with what `create` rejects with. */
  static async create<O extends { readonly failed: number }>(
    options: RunOptions<O>,
    context: Context,
  ): Promise<Run<O>> {
    const { clock, outputs } = context;
    const log = new Log(options.log, outputs, clock);
    const around = { clock, log: log.logger, output: outputs.output };
    return new Run(options, context, log, await options.create(around));
  }

  private constructor(options: RunOptions<O>, context: Context, log: Log, job: Job<O>) {
    this.#options = options;
    this.#context = context;
    this.#log = log;
    this.#job = job;
  }

  get log(): Logger {
    return this.#log.logger;
  }

  /** Opens the log; from here on signals end the run gently. */
  open(): void {
    this.#log.open();
    this.#listen();
    onSignals(() => this.#job.stop());
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
      closed: () => this.#job.stop(),
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
    return this.#recording(this.#job.open());
  }

  /** Runs it to its end. Rejects only for a bug. */
  async toEnd(): Promise<O> {
    const progress = this.#progress();
    progress?.start();
    try {
      return await this.#recording(this.#job.run());
    } finally {
      progress?.stop();
    }
  }

  /**
   * Says what is still to be said. Gives the exit code: 1 where a batch run could not count
   * everything, or could not show it; else 0.
   */
  close({ failed }: O): number {
    this.#log.close();
    return this.#options.isBatch && (failed > 0 || this.#isOutputBroken) ? 1 : 0;
  }

  /** Only a batch run has an end to come closer to. */
  #progress(): ProgressDisplay | undefined {
    const { outputs, clock } = this.#context;
    const job = this.#job;
    if (!this.#options.isBatch || !job.progress) return undefined;
    if (!outputs.error.terminal?.movesCursor) return undefined;
    return new ProgressDisplay(job.progress.bind(job), outputs.error, clock);
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
    if (this.#options.log.file === undefined) return;
    const isBug = error instanceof Error && !(error instanceof LogwinError);
    const stack = isBug ? { stack: error.stack ?? '' } : {};
    this.log.error('The run failed.', { error: messageOf(error), ...stack });
  }
}
