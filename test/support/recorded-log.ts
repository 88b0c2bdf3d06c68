import type { LogFields, Logger } from '../../src/core/logger.js';

/** A log that keeps what it is told. */
export class RecordedLog implements Logger {
  readonly lines: (readonly [level: string, message: string, fields: LogFields | undefined])[] = [];

  debug(message: string, fields?: LogFields): void {
    this.lines.push(['debug', message, fields]);
  }
  info(message: string, fields?: LogFields): void {
    this.lines.push(['info', message, fields]);
  }
  warn(message: string, fields?: LogFields): void {
    this.lines.push(['warn', message, fields]);
  }
  error(message: string, fields?: LogFields): void {
    this.lines.push(['error', message, fields]);
  }
}
