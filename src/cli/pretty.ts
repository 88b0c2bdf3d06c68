/** Log lines for people. */
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What pino puts in a record beside the fields. */
const FRAME = new Set(['level', 'time', 'pid', 'msg']);

/**
 * From pino's line of JSON to a line such as `[08:00:00] INFO: Retired source="a b" lines=3`, with
 * its line end. Escapes nothing: what it is given holds no control characters. Loads pino-pretty.
 */
export function prettifier(colour: boolean): (json: string) => string {
  const { prettyFactory }: typeof import('pino-pretty') = require('pino-pretty');
  return prettyFactory({
    colorize: colour,
    translateTime: 'SYS:HH:MM:ss',
    ignore: 'pid',
    hideObject: true,
    messageFormat: (record, messageKey) => [record[messageKey], ...pairs(record)].join(' '),
  });
}

function pairs(record: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(record)
    .filter(([name]) => !FRAME.has(name))
    .map(([name, value]) => `${name}=${quoted(String(value))}`);
}

/** So that a value cannot look like the next field. */
function quoted(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`;
}
