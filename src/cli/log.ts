/** The run's log, where `--log-level` and `--log-file` want it. */
import type { Clock } from '../core/clock.js';
import { systemCode } from '../core/errors.js';
import { printable } from '../core/escape.js';
import type { LogFields, Logger } from '../core/logger.js';
import type { Writer } from '../core/output/writer.js';
import { openLogFile } from './log-file.js';
import type { LogSettings } from './log-settings.js';
import { createLogger } from './logger.js';
import type { Outputs } from './outputs.js';
import { prettifier } from './pretty.js';

/** No descriptor is free, in this process or in the system. */
const SHORTAGES = new Set(['EMFILE', 'ENFILE']);

interface Unsaid {
  readonly level: keyof Logger;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

export class Log {
  readonly logger: Logger;
  readonly #settings: LogSettings;
  readonly #outputs: Outputs;
  readonly #clock: Clock;
  #writer: Writer;
  #isOpen = false;
  #opened: Logger | undefined;
  readonly #unsaid: Unsaid[] = [];

  /** Opens nothing yet: that waits until everything else was found to be in order. */
  constructor(settings: LogSettings, outputs: Outputs, clock: Clock) {
    this.#settings = settings;
    this.#outputs = outputs;
    this.#clock = clock;
    this.#writer = outputs.error;
    this.logger = {
      debug: this.#say('debug'),
      info: this.#say('info'),
      warn: this.#say('warn'),
      error: this.#say('error'),
    };
  }

  /** What was said before waits for this: it knows where to. Throws `LogwinError('usage')`. */
  open(): void {
    const { file } = this.#settings;
    if (file !== undefined) this.#openFile(file);
    this.#isOpen = true;
    this.#flush();
  }

  /**
   * To load pino takes as long as to count a small log, so that waits for the first message, of
   * whatever level: what runs for long has one at once, and not when it may be short of descriptors.
   */
  #say(level: keyof Logger): (message: string, fields?: LogFields) => void {
    return (message, fields) => {
      this.#unsaid.push({ level, message, fields });
      this.#flush();
    };
  }

  /** What no descriptor was free for is said in plain words, if there still is none. */
  close(): void {
    this.#flush();
    for (const { message, fields } of this.#unsaid.splice(0)) {
      this.#outputs.error.line(printable(`logwin: ${message} ${JSON.stringify(fields ?? {})}`));
    }
  }

  #flush(): void {
    if (!this.#isOpen || this.#unsaid.length === 0) return;
    try {
      this.#opened ??= this.#createLogger();
    } catch (error) {
      // Loading pino takes descriptors; there may be some again when there is more to say.
      if (!SHORTAGES.has(systemCode(error) ?? '')) throw error;
      return;
    }
    for (const { level, message, fields } of this.#unsaid.splice(0)) {
      this.#opened[level](message, fields);
    }
  }

  #createLogger(): Logger {
    const { level, file } = this.#settings;
    const { terminal } = this.#outputs.error;
    const isForPeople = file === undefined && terminal !== undefined;
    const format = isForPeople ? prettifier(terminal.hasColors) : (json: string) => json;
    return createLogger(level, this.#clock, (json) => {
      this.#writer.line(format(json).replace(/\n$/, ''));
    });
  }

  #openFile(file: string): void {
    const { error } = this.#outputs;
    this.#writer = openLogFile(file, this.#clock);
    this.#outputs.add(this.#writer);
    this.#writer.listen({
      failed: ({ message }) => error.line(`logwin: the log cannot be written: ${message}`),
    });
  }
}
