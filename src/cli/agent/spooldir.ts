/** Spooling directories of an agent's file. */
import { isAbsolute, join } from 'node:path';
import type {
  Disposal,
  FileOrder,
  NamePattern,
  SourceConfig,
  StateConfig,
} from '../../core/config.js';
import type { HeaderRule } from '../../core/forward-config.js';
import type { Component } from './agent-model.js';
import { javaPattern } from './java-pattern.js';
import type { Judging } from './judging.js';
import { judgeKeys } from './keys.js';
import { Settings } from './settings.js';
import { judgeCharsets } from './spooldir-charsets.js';
import { SPOOLDIR_KEYS } from './spooldir-keys.js';

/** How long nothing about a file may have changed before it is finished, in ms. */
const SETTLE = 1000;
/** Characters of a line at most, to Flume; each may be three bytes. */
const MAX_LINE_LENGTH = 2048;
const BATCH_SIZE = 100;

export interface JudgedSpoolDir {
  readonly source: SourceConfig;
  readonly headers: readonly HeaderRule[];
  /** In bytes; undefined where nothing is said. */
  readonly longestLine: number | undefined;
  /** Where it keeps what it knows of files, if it says so. */
  readonly state: StateConfig | undefined;
  readonly batchSize: number;
}

/** What every such source does otherwise, and does better. */
const PROMISES = [
  'A file that changes while it is read does not stop the source: it is read as it grows.',
  'A name that was used before does not stop the source: the finished file gets a number.',
  'A byte that is not of the charset does not stop the source: it is passed on as it is.',
];

export function judgeSpoolDir(component: Component, judging: Judging): JudgedSpoolDir {
  const { findings } = judging;
  judgeKeys(component, SPOOLDIR_KEYS, findings);
  const settings = new Settings(component, findings);
  const directory = settings.required('spoolDir', 'say which directory is read');
  judgeCharsets(settings);
  for (const promise of PROMISES) findings.note(promise, { source: component.path });
  const after = disposal(settings);
  return {
    source: {
      kind: 'spool',
      directory,
      include: pattern(settings, 'includePattern'),
      ignore: pattern(settings, 'ignorePattern'),
      recursive: settings.flag('recursiveDirectorySearch'),
      order: order(settings),
      after,
      suffix: suffix(settings),
      settle: SETTLE,
      once: false,
    },
    headers: headers(settings),
    longestLine: longestLine(settings),
    state: state(settings, directory),
    batchSize: settings.whole('batchSize', { standard: BATCH_SIZE, least: 1 }),
  };
}

function disposal(settings: Settings): Disposal {
  const policy = settings.choice('deletePolicy', ['never', 'immediate'], 'never');
  const tracking = settings.choice('trackingPolicy', ['rename', 'tracker_dir'], 'rename');
  if (policy === 'immediate') return { kind: 'delete' };
  return { kind: tracking === 'rename' ? 'rename' : 'keep' };
}

function suffix(settings: Settings): string {
  const entry = settings.entry('fileSuffix');
  if (entry?.value.includes('/')) {
    settings.findings.badValue(entry, "holds a '/'", 'give the end of a file name, such as .DONE');
  }
  return entry?.value ?? '.COMPLETED';
}

function order(settings: Settings): FileOrder {
  const chosen = settings.choice('consumeOrder', ['oldest', 'youngest', 'random'], 'oldest');
  if (chosen !== 'random') return chosen;
  const entry = settings.entry('consumeOrder');
  if (entry) settings.findings.noteOf(entry, 'Any order will do, so the oldest file comes first.');
  return 'oldest';
}

function pattern(settings: Settings, key: string): readonly NamePattern[] {
  const entry = settings.entry(key);
  if (entry === undefined) return [];
  const pattern = javaPattern(entry.value);
  if ('expression' in pattern) return [pattern.expression];
  const remedy = 'write it without';
  settings.findings.badValue(entry, `has ${pattern.unsupported}, which is not supported`, remedy);
  return [];
}

/** These come before what interceptors give. */
function headers(settings: Settings): HeaderRule[] {
  const rules: HeaderRule[] = [];
  if (settings.flag('fileHeader')) {
    rules.push({
      kind: 'file',
      header: settings.text('fileHeaderKey') ?? 'file',
      form: 'absolute',
    });
  }
  if (settings.flag('basenameHeader')) {
    const header = settings.text('basenameHeaderKey') ?? 'basename';
    rules.push({ kind: 'file', header, form: 'basename' });
  }
  return rules;
}

/** Of both keys the older one wins, as with Flume. They are of characters. */
function longestLine(settings: Settings): number | undefined {
  const range = { standard: MAX_LINE_LENGTH, least: 1, most: 2 ** 28 };
  let longest: number | undefined;
  for (const key of ['deserializer.maxLineLength', 'bufferMaxLineLength']) {
    const entry = settings.entry(key);
    if (entry === undefined) continue;
    settings.findings.noteOf(
      entry,
      'A longer line is not cut into several: above the limit of the run, in bytes, it is left out, counted and said.',
    );
    longest = settings.whole(key, range) * 3;
  }
  return longest;
}

function state(settings: Settings, directory: string): StateConfig | undefined {
  const entry = settings.entry('trackerDir');
  if (entry === undefined) return undefined;
  settings.findings.noteOf(
    entry,
    'The journal is kept there; what Flume left there is not read, so files that it only remembers are read again.',
  );
  const path = isAbsolute(entry.value) ? entry.value : join(directory, entry.value);
  return { kind: 'directory', directory: path };
}
