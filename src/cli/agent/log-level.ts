/** `flume.root.logger`, as log4j has it: a level, and appenders. */
import type { LogLevel } from '../log-settings.js';
import type { Findings } from './findings.js';

const LEVELS = new Map<string, LogLevel>([
  ['off', 'silent'],
  ['fatal', 'fatal'],
  ['error', 'error'],
  ['warn', 'warn'],
  ['info', 'info'],
  ['debug', 'debug'],
  ['trace', 'trace'],
  ['all', 'trace'],
]);

/** `INFO,console` is `info`, on standard error, which is where the log goes anyway. */
export function rootLoggerLevel(text: string, findings: Findings): LogLevel | undefined {
  const [level, ...appenders] = text.split(',').map((part) => part.trim());
  const option = `-Dflume.root.logger=${text}`;
  const found = LEVELS.get(level.toLowerCase());
  if (found === undefined) {
    const remedy = `give one of ${[...LEVELS.keys()].join(', ').toUpperCase()}`;
    findings.fault(undefined, `${option}: the level '${level}' is not known`, remedy);
  }
  const other = appenders.find((appender) => appender.toLowerCase() !== 'console');
  if (other !== undefined) {
    const remedy = 'write console, or say --log-file <file> in place of it';
    findings.fault(undefined, `${option}: there is no appender '${other}'`, remedy);
  }
  return found;
}
