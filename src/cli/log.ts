/** The run's log, where `--log-level` and `--log-file` want it. */
import type { Clock } from '../core/clock.js';
import type { Logger } from '../core/logger.js';
import type { Writer } from '../core/output/writer.js';
import { openLogFile } from './log-file.js';
import type { LogSettings } from './log-settings.js';
import { createLogger } from './logger.js';
import type { Outputs } from './outputs.js';

export class Log {
  readonly logger: Logger;
  readonly #settings: LogSettings;
  readonly #outputs: Outputs;
  readonly #clock: Clock;
  #writer: Writer;
  #format = (json: string): string => json;

  /** Opens nothing yet: that waits until everything else was found to be in order. */
  constructor(settings: LogSettings, outputs: Outputs, clock: Clock) {
    this.#settings = settings;
    this.#outputs = outputs;
    this.#clock = clock;
    this.#writer = outputs.error;
    this.logger = createLogger(settings.level, clock, (json) => {
      this.#writer.line(this.#format(json).replace(/\n$/, ''));
    });
  }

  /** To be called before the first message. Throws `LogwinError('usage')`. */
  async open(): Promise<void> {
    const { file } = this.#settings;
    const { terminal } = this.#outputs.error;
    if (file !== undefined) this.#openFile(file);
    else if (terminal) await this.#prettify(terminal.hasColors);
  }

  #openFile(file: string): void {
    const { error } = this.#outputs;
    this.#writer = openLogFile(file, this.#clock);
    this.#outputs.add(this.#writer);
    this.#writer.listen({
      failed: ({ message }) => error.line(`logwin: the log cannot be written: ${message}`),
    });
  }

  async #prettify(colour: boolean): Promise<void> {
    const { prettifier } = await import('./pretty.js');
    this.#format = prettifier(colour);
  }
}
