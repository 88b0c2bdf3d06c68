/** Sinks of Spark's polling stream in an agent's file. */
import { PLAIN } from '../../core/endpoint.js';
import type { Component } from './agent-model.js';
import type { Findings } from './findings.js';
import type { JudgedSink } from './judged-sink.js';
import { HONOURED, judgeKeys, type KeyTable, notedNumber } from './keys.js';
import { Settings } from './settings.js';
import { SINK_KEYS } from './sink-keys.js';

export const KEYS: KeyTable = {
  ...SINK_KEYS,
  hostname: HONOURED,
  port: HONOURED,
  threads: HONOURED,
  timeout: HONOURED,
  backoffInterval: notedNumber('An empty channel is waited for, without looking again and again.'),
  batchSize: notedNumber('Who pulls says how many events it wants, as with Spark.'),
};

/** Spark's, the timeout in seconds. */
const THREADS = { standard: 10, least: 1, most: 1000 };
const TIMEOUT = { standard: 60, least: 1, most: 1_000_000 };

export function judgeSparkSink(component: Component, findings: Findings): JudgedSink {
  judgeKeys(component, KEYS, findings);
  const settings = new Settings(component, findings);
  return {
    component,
    kind: 'pull-server',
    server: {
      kind: 'pull-server',
      name: component.name,
      host: settings.text('hostname') ?? '0.0.0.0',
      port: settings.port(0),
      layers: PLAIN,
      unacknowledged: settings.whole('threads', THREADS),
      timeout: 1000 * settings.whole('timeout', TIMEOUT),
    },
  };
}
