/**
 * Flume decodes lines from one charset and encodes them to another; here bytes are passed on. Only
 * where that is the same is a charset accepted.
 */
import type { Settings } from './settings.js';

/** By Java's names for them, in lower case and without what separates. */
const CHARSETS = new Map([
  ['utf8', 'UTF-8'],
  ['usascii', 'US-ASCII'],
  ['ascii', 'US-ASCII'],
  ['iso646us', 'US-ASCII'],
  ['iso88591', 'ISO-8859-1'],
  ['latin1', 'ISO-8859-1'],
]);

export function judgeCharsets(settings: Settings): void {
  const input = charset(settings, 'inputCharset');
  const output = charset(settings, 'deserializer.outputCharset');
  if (input === undefined || output === undefined || input === output) return;
  // ASCII is the same in all of them.
  if (input === 'US-ASCII') return;
  const entry = settings.entry('inputCharset') ?? settings.entry('deserializer.outputCharset');
  if (entry === undefined) return;
  const reason = `would have lines of ${input} made into ${output}, and bytes are passed on as they are here`;
  settings.findings.badValue(entry, reason, 'give both keys the same charset, or leave both out');
}

/** Undefined where it is not known, which is a fault. */
function charset(settings: Settings, key: string): string | undefined {
  const entry = settings.entry(key);
  if (entry === undefined) return 'UTF-8';
  const found = CHARSETS.get(entry.value.toLowerCase().replaceAll(/[-_]/g, ''));
  if (found === undefined) {
    const remedy = `bytes are passed on as they are, so use ${[...new Set(CHARSETS.values())].join(', ')} or none`;
    settings.findings.badValue(entry, 'is not supported', remedy);
  }
  return found;
}
