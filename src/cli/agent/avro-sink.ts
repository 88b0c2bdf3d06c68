/** Avro sinks of an agent's file. */
import type { Component } from './agent-model.js';
import { CLIENT_LAYER_KEYS, clientLayers } from './avro-layers.js';
import type { JudgedSink } from './judged-sink.js';
import type { Judging } from './judging.js';
import { HONOURED, judgeKeys, type KeyTable, noted } from './keys.js';
import { Settings } from './settings.js';
import { LARGEST_BATCH, SINK_KEYS } from './sink-keys.js';

export const KEYS: KeyTable = {
  ...SINK_KEYS,
  ...CLIENT_LAYER_KEYS,
  hostname: HONOURED,
  port: HONOURED,
  'batch-size': HONOURED,
  'connect-timeout': HONOURED,
  'request-timeout': HONOURED,
  'reset-connection-interval': HONOURED,
  maxIoWorkers: noted('One thread serves all connections; Flume does not use it any more either.'),
};

/** Flume's. */
const BATCH_SIZE = 100;
const TIMEOUT = 20_000;
const LEAST_TIMEOUT = 1000;

export function judgeAvroSink(component: Component, judging: Judging): JudgedSink {
  judgeKeys(component, KEYS, judging.findings);
  const settings = new Settings(component, judging.findings);
  const range = { standard: BATCH_SIZE, least: 1, most: LARGEST_BATCH };
  return {
    component,
    kind: 'delivery',
    batchKey: 'batch-size',
    batch: settings.whole('batch-size', range),
    delivery: {
      kind: 'avro',
      name: component.name,
      host: settings.required('hostname', 'say where the receiver listens'),
      port: settings.port(1),
      layers: clientLayers(settings, judging),
      connectTimeout: timeout(settings, 'connect-timeout'),
      requestTimeout: timeout(settings, 'request-timeout'),
      renewAfter: 1000 * settings.whole('reset-connection-interval', SECONDS),
    },
  };
}

const SECONDS = { standard: 0, least: 0, most: 1_000_000 };

/** In ms. Less than a second is not taken, by Flume neither. */
function timeout(settings: Settings, key: string): number {
  const value = settings.whole(key, { standard: TIMEOUT, least: 0, most: 2 ** 31 - 1 });
  const entry = settings.entry(key);
  if (entry === undefined || value >= LEAST_TIMEOUT) return value;
  settings.findings.noteOf(entry, 'Less than 1000 ms is not taken: it is 20000, as with Flume.');
  return TIMEOUT;
}
