/** How much the log says, and where. */
import { LogwinError } from '../core/errors.js';
import { choice } from './values.js';

/** The levels that pino knows, the quietest first. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogSettings {
  readonly level: LogLevel;
  /** Appended to; undefined for standard error. */
  readonly file: string | undefined;
}

interface LogFlags {
  readonly logLevel: string;
  readonly logFile?: string;
}

/** Throws `LogwinError('usage')`. */
export function logSettings(flags: LogFlags): LogSettings {
  if (flags.logFile === '') {
    throw new LogwinError('usage', '--log-file is empty', 'name a file, or leave the option out');
  }
  return { level: choice('--log-level', flags.logLevel, LOG_LEVELS), file: flags.logFile };
}
