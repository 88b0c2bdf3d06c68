/** File-roll sinks of an agent's file. */
import type { Component } from './agent-model.js';
import type { Findings } from './findings.js';
import type { JudgedSink } from './judged-sink.js';
import { HONOURED, judgeKeys, type KeyTable, refused } from './keys.js';
import { Settings } from './settings.js';
import { LARGEST_BATCH, SINK_KEYS } from './sink-keys.js';

export const KEYS: KeyTable = {
  ...SINK_KEYS,
  'sink.directory': HONOURED,
  'sink.rollInterval': HONOURED,
  'sink.batchSize': HONOURED,
  'sink.serializer': refused('is not supported', 'only TEXT is; take the line out', [
    'text',
    'org.apache.flume.serialization.bodytexteventserializer$builder',
  ]),
  'sink.serializer.appendNewline': HONOURED,
  'sink.pathManager': refused('is not supported', 'only DEFAULT is; take the line out', [
    'default',
    'org.apache.flume.formatter.output.defaultpathmanager$builder',
  ]),
  'sink.pathManager.prefix': HONOURED,
  'sink.pathManager.extension': HONOURED,
};

/** Flume's, in seconds. */
const ROLL_INTERVAL = 30;
const LONGEST_INTERVAL = 1_000_000;

export function judgeFileRollSink(component: Component, findings: Findings): JudgedSink {
  judgeKeys(component, KEYS, findings);
  const all = new Settings(component, findings);
  const interval = { standard: ROLL_INTERVAL, least: 0, most: LONGEST_INTERVAL };
  return {
    component,
    kind: 'delivery',
    batchKey: 'sink.batchSize',
    batch: all.whole('sink.batchSize', { standard: 100, least: 1, most: LARGEST_BATCH }),
    delivery: {
      kind: 'file-roll',
      name: component.name,
      directory: all.required('sink.directory', 'say where the files are to be written'),
      rollAfter: 1000 * all.whole('sink.rollInterval', interval),
      prefix: namePart(all, 'sink.pathManager.prefix'),
      extension: extension(namePart(all, 'sink.pathManager.extension')),
      lineEnds: all.flag('sink.serializer.appendNewline', true),
    },
  };
}

function namePart(settings: Settings, key: string): string {
  const entry = settings.entry(key);
  if (entry?.value.includes('/')) {
    settings.findings.badValue(entry, "holds a '/'", 'give a part of a file name');
  }
  return entry?.value ?? '';
}

function extension(text: string): string {
  return text === '' || text.startsWith('.') ? text : `.${text}`;
}
