/** What docs/flume.md says of an agent's file, held against the tables that judge one. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AGENT_OPTIONS, REFUSED as REFUSED_OPTIONS } from '../../src/cli/agent/agent-flags.js';
import { KEYS as AVRO_SINK } from '../../src/cli/agent/avro-sink.js';
import { KEYS as AVRO_SOURCE } from '../../src/cli/agent/avro-source.js';
import {
  KNOWN as KNOWN_COMPONENTS,
  UNSUPPORTED as UNSUPPORTED_COMPONENTS,
} from '../../src/cli/agent/component-types.js';
import { KEYS as FILE_ROLL_SINK } from '../../src/cli/agent/file-roll-sink.js';
import {
  TYPES as INTERCEPTORS,
  UNSUPPORTED as UNSUPPORTED_INTERCEPTORS,
} from '../../src/cli/agent/interceptors.js';
import { REFUSED as REFUSED_PROPERTIES } from '../../src/cli/agent/java-properties.js';
import type { KeyRule, KeyTable } from '../../src/cli/agent/keys.js';
import { KEYS as LOGGER_SINK } from '../../src/cli/agent/logger-sink.js';
import { KEYS as MEMORY_CHANNEL } from '../../src/cli/agent/memory-channel.js';
import { KEYS as NETCAT } from '../../src/cli/agent/netcat.js';
import { KEYS as NULL_SINK } from '../../src/cli/agent/null-sink.js';
import { KEYS as SINK_GROUPS } from '../../src/cli/agent/sink-groups.js';
import { SINK_KEYS } from '../../src/cli/agent/sink-keys.js';
import { SOURCE_KEYS } from '../../src/cli/agent/source-keys.js';
import { KEYS as SPARK_SINK } from '../../src/cli/agent/spark-sink.js';
import { SPOOLDIR_KEYS } from '../../src/cli/agent/spooldir-keys.js';
import { parseArguments } from '../../src/cli/program.js';
import { ROOT } from '../support/surroundings.js';

const text = readFileSync(join(ROOT, 'docs/flume.md'), 'utf8');

/** The cells of the rows of the one table below a heading. */
function tableBelow(heading: string): string[][] {
  const [, section] = text.split(new RegExp(`^#+ ${heading}$`, 'm'));
  if (section === undefined) throw new Error(`There is no heading '${heading}'.`);
  const lines = section
    .split(/^#/m)[0]
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.replace(/^\|\s*|\s*\|$/g, '').split(/ *\| */));
}

/** What is marked as code. */
function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code);
}

const WORDS = /^(honoured|noted|refused but for|refused)(?![a-z])/;

interface Row {
  readonly key: string;
  /** Of which of the tables that share this one; all where none is named. */
  readonly owners: readonly string[];
  readonly word: string;
  readonly says: string;
}

function keyRows(heading: string): Row[] {
  return tableBelow(heading).map(([name, , says]) => {
    const [key, ...owners] = codes(name);
    return { key, owners, word: WORDS.exec(says)?.[1] ?? '', says };
  });
}

function wordOf(rule: KeyRule): string {
  return rule.kind === 'refused' && rule.harmless.length > 0 ? 'refused but for' : rule.kind;
}

/** Without those of `common`, which have a table of their own. */
function own(table: KeyTable, common: KeyTable): KeyTable {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !(key in common)));
}

const judged: readonly (readonly [heading: string, owner: string, table: KeyTable])[] = [
  ['Every source', '', SOURCE_KEYS],
  ['Source `spooldir`', '', own(SPOOLDIR_KEYS, SOURCE_KEYS)],
  ['Source `avro`', '', own(AVRO_SOURCE, SOURCE_KEYS)],
  ['Source `netcat`', '', own(NETCAT, SOURCE_KEYS)],
  ...Object.entries(INTERCEPTORS).map(([name, { keys }]) => ['Interceptors', name, keys] as const),
  ['Channel `memory`', '', MEMORY_CHANNEL],
  ['Every sink', '', SINK_KEYS],
  ['Sink `avro`', '', own(AVRO_SINK, SINK_KEYS)],
  ['Sink `SparkSink`', '', own(SPARK_SINK, SINK_KEYS)],
  ['Sink `logger`', '', own(LOGGER_SINK, SINK_KEYS)],
  ['Sink `null`', '', own(NULL_SINK, SINK_KEYS)],
  ['Sink `file_roll`', '', own(FILE_ROLL_SINK, SINK_KEYS)],
  ...Object.entries(SINK_GROUPS).map(([name, keys]) => ['Sink groups', name, keys] as const),
];

describe.each(judged)('the keys below %s %s', (heading, owner, table) => {
  const rows = keyRows(heading).filter(
    ({ owners }) => owners.length === 0 || owners.includes(owner),
  );

  it('are those that are judged, each once, with what becomes of them', () => {
    const said = rows.map(({ key, word }) => `${key}: ${word}`);
    const done = Object.entries(table).map(([key, rule]) => `${key}: ${wordOf(rule)}`);
    expect(said.toSorted()).toEqual(done.toSorted());
  });

  it('that are refused have the values that are not', () => {
    for (const [key, rule] of Object.entries(table)) {
      if (rule.kind !== 'refused' || rule.harmless.length === 0) continue;
      const says = rows.find((row) => row.key === key)?.says ?? '';
      const named = codes(says.split(':')[0]).map((value) => value.toLowerCase());
      expect(named).not.toEqual([]);
      expect(rule.harmless).toEqual(expect.arrayContaining(named));
    }
  });
});

describe('the tables', () => {
  it('are about nobody else', () => {
    const known = new Set(judged.map(([, owner]) => owner));
    const named = judged.flatMap(([heading]) => keyRows(heading).flatMap(({ owners }) => owners));
    expect(named.filter((owner) => !known.has(owner))).toEqual([]);
  });

  it('stand for all files that judge keys', () => {
    const folder = join(ROOT, 'src/cli/agent');
    const judging = readdirSync(folder).filter((file) =>
      /\bjudgeKeys\(component/.test(readFileSync(join(folder, file), 'utf8')),
    );
    expect(judging.filter((file) => file !== 'keys.ts')).toHaveLength(
      new Set(judged.map(([heading]) => heading)).size - ['Every source', 'Every sink'].length,
    );
  });
});

describe('the types', () => {
  const rows = tableBelow('Types').flatMap(([kind, types, says]) =>
    codes(types).map((type) => `${kind} ${type}: ${WORDS.exec(says)?.[1]}`),
  );
  /** It has no alias. */
  const { spark, ...sinks } = KNOWN_COMPONENTS.sinks;
  const all = (kind: string, types: Iterable<string>, word: string): string[] =>
    Array.from(types, (type) => `${kind} ${type}: ${word}`);

  it('are those that are taken, and those that are refused by name', () => {
    expect(rows.toSorted()).toEqual(
      [
        ...all('source', Object.keys(KNOWN_COMPONENTS.sources), 'honoured'),
        ...all('channel', Object.keys(KNOWN_COMPONENTS.channels), 'honoured'),
        ...all('sink', [...Object.keys(sinks), spark], 'honoured'),
        ...all('interceptor', Object.keys(INTERCEPTORS), 'honoured'),
        ...all('source', Object.keys(UNSUPPORTED_COMPONENTS.sources), 'refused'),
        ...all('channel', Object.keys(UNSUPPORTED_COMPONENTS.channels), 'refused'),
        ...all('sink', Object.keys(UNSUPPORTED_COMPONENTS.sinks), 'refused'),
        ...all('interceptor', UNSUPPORTED_INTERCEPTORS, 'refused'),
      ].toSorted(),
    );
  });
});

describe("Flume's command line", () => {
  const rows = tableBelow('The command line').map(([options, , says]) => ({
    names: codes(options),
    word: WORDS.exec(says)?.[1],
  }));
  const named = (word: string): string[] =>
    rows.filter((row) => row.word === word).flatMap(({ names }) => names);

  /** By their short names; else as Flume takes them with one dash, or as they are called. */
  it('has all the options that are refused', () => {
    const short = REFUSED_OPTIONS.map(({ option }) => option.flags.split(/[ ,]/)[0]);
    const withoutShort = new Map([
      ['--plugins-path', 'plugins-path'],
      ['--conf-provider', '-prov'],
      ['--conf-user', '-user'],
      ['--conf-password', '-pwd'],
      ['-X', '-X…'],
    ]);
    const expected = short.map((name) => withoutShort.get(name) ?? name);
    const found = named('refused').filter((name) => !name.startsWith('-D'));
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('has all the properties that are refused', () => {
    const found = named('refused').filter((name) => name.startsWith('-D'));
    const expected = REFUSED_PROPERTIES.map(([start]) => `-D${start}…`);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('has all the options that are taken', () => {
    // What Flume's command does not have.
    const ours = ['--check', '--state', '--no-state', '--log-level', '--log-file'];
    const options = AGENT_OPTIONS.flatMap((group) => group.options)
      .filter(({ hidden }) => !hidden)
      .flatMap(({ flags }) => flags.match(/(?<![\w-])--?[a-z][a-z-]*/gi) ?? [])
      .filter((name) => !ours.includes(name) && name !== '-D');
    const found = [...named('honoured'), ...named('noted')];
    const properties = ['-Dflume.root.logger=LEVEL,console', '-Dkey=value'];
    expect(found.toSorted()).toEqual([...options, ...properties].toSorted());
  });
});

describe('the commands', () => {
  const lines = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block]) =>
    block.split('\n').filter((line) => line.startsWith('logwin ')),
  );

  it('are there, with that of the Spark job last', () => {
    expect(lines.length).toBeGreaterThan(6);
    expect(lines.at(-1)).toMatch(/^logwin watch avro:.* -o pprint /);
  });

  it.each(lines)('%s is understood', (line) => {
    const [, ...args] = line.replace(/\s+#.*$/, '').split(' ');
    expect(parseArguments(args, 80).command).toBe(args[0]);
  });

  it.each(
    tableBelow('From the Spark job, line by line')
      .flatMap(([, part]) => codes(part))
      .map((part) => [part]),
  )('watch takes %s', (part) => {
    const source = part.startsWith('-') ? ['avro://:9092'] : [];
    expect(parseArguments(['watch', ...source, ...part.split(' ')], 80).command).toBe('watch');
  });
});
