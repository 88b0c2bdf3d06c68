/** Null sinks of an agent's file. */
import type { Component } from './agent-model.js';
import type { Findings } from './findings.js';
import type { JudgedSink } from './judged-sink.js';
import { HONOURED, judgeKeys, type KeyTable, notedNumber } from './keys.js';
import { Settings } from './settings.js';
import { LARGEST_BATCH, SINK_KEYS } from './sink-keys.js';

export const KEYS: KeyTable = {
  ...SINK_KEYS,
  batchSize: HONOURED,
  logEveryNEvents: notedNumber('How many there were is said at the end.'),
};

export function judgeNullSink(component: Component, findings: Findings): JudgedSink {
  judgeKeys(component, KEYS, findings);
  const range = { standard: 100, least: 1, most: LARGEST_BATCH };
  return {
    component,
    kind: 'delivery',
    batchKey: 'batchSize',
    batch: new Settings(component, findings).whole('batchSize', range),
    delivery: { kind: 'null', name: component.name },
  };
}
