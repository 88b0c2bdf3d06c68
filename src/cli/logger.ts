/** The log: pino's records, with everything that a stranger may have named made harmless. */
import { createRequire } from 'node:module';
import type { Clock } from '../core/clock.js';
import { printable } from '../core/escape.js';
import type { LogFields, Logger } from '../core/logger.js';
import type { LogLevel } from './log-settings.js';

const require = createRequire(import.meta.url);

/**
 * Loads pino. `write` takes one line of JSON with its line end; `clock` gives the records their time.
 */
export function createLogger(level: LogLevel, clock: Clock, write: (line: string) => void): Logger {
  const { pino }: typeof import('pino') = require('pino');
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: () => `,"time":"${new Date(clock.wall()).toISOString()}"`,
    },
    { write },
  );
  return {
    debug: (message, fields) => log.debug(escaped(fields), printable(message)),
    info: (message, fields) => log.info(escaped(fields), printable(message)),
    warn: (message, fields) => log.warn(escaped(fields), printable(message)),
    error: (message, fields) => log.error(escaped(fields), printable(message)),
  };
}

/** JSON escapes C0 alone; DEL, C1 and the bidirectional controls would reach the reader as they are. */
function escaped(fields: LogFields = {}): LogFields {
  const safe = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? printable(value) : value,
  ]);
  return Object.fromEntries(safe);
}
