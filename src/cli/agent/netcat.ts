/** Netcat sources of an agent's file. */
import type { SourceConfig } from '../../core/config.js';
import type { Component } from './agent-model.js';
import type { Findings } from './findings.js';
import { HONOURED, judgeKeys, type KeyTable, refused } from './keys.js';
import { Settings } from './settings.js';
import { SOURCE_KEYS } from './source-keys.js';

export const KEYS: KeyTable = {
  ...SOURCE_KEYS,
  bind: HONOURED,
  port: HONOURED,
  'max-line-length': HONOURED,
  'ack-every-event': HONOURED,
  encoding: refused('is not supported', 'bytes are passed on as they are; take the line out', [
    'utf-8',
    'utf8',
    'us-ascii',
  ]),
};

/** Flume's, in characters with the line end. */
const MAX_LINE_LENGTH = 512;
/** Of a UTF-16 code unit, as which Java counts. */
const MOST_CHARACTER_BYTES = 3;

export function judgeNetcat(
  component: Component,
  findings: Findings,
): { readonly source: SourceConfig; readonly longestLine: number } {
  judgeKeys(component, KEYS, findings);
  const settings = new Settings(component, findings);
  // The line end is one of them.
  const length = { standard: MAX_LINE_LENGTH, least: 2, most: 2 ** 20 };
  const source = {
    kind: 'netcat' as const,
    host: settings.required('bind', 'give the address to listen at, or 0.0.0.0 for all'),
    port: settings.port(0),
    maxLine: settings.whole('max-line-length', length),
    acknowledge: settings.flag('ack-every-event', true),
  };
  return { source, longestLine: source.maxLine * MOST_CHARACTER_BYTES };
}
