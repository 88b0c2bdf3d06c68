/** Logger sinks of an agent's file. */
import type { Component } from './agent-model.js';
import type { Findings } from './findings.js';
import type { JudgedSink } from './judged-sink.js';
import { HONOURED, judgeKeys, type KeyTable } from './keys.js';
import { Settings } from './settings.js';
import { SINK_KEYS } from './sink-keys.js';

export const KEYS: KeyTable = { ...SINK_KEYS, maxBytesToLog: HONOURED };

/** Flume's. */
const MAX_BYTES = 16;

export function judgeLoggerSink(component: Component, findings: Findings): JudgedSink {
  judgeKeys(component, KEYS, findings);
  const range = { standard: MAX_BYTES, least: 0, most: 2 ** 20 };
  const maxBytes = new Settings(component, findings).whole('maxBytesToLog', range);
  return {
    component,
    kind: 'delivery',
    batchKey: 'batchSize',
    batch: undefined,
    delivery: { kind: 'logger', name: component.name, maxBytes },
  };
}
