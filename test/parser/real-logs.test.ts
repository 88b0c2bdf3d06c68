/** Real logs, where they are at hand. They are no part of the project: see their INDEX.md. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createParser } from '../../src/parser/combined-parser.js';
import { referenceCaptures, referenceField } from '../reference/combined.js';
import { batchOfBytes, readAnswer } from './batches.js';

const DATA = join(import.meta.dirname, '../../../shared/data');

function contents(path: string): Buffer {
  const bytes = readFileSync(path);
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

/** Of each line its URL, or the reason why it has none. */
function urls(bytes: Uint8Array): string[] {
  const parser = createParser({ by: ['url'], maxKeys: 1e6, maxKeyBytes: 1e8 });
  return readAnswer(parser, parser.parse(batchOfBytes(bytes)));
}

function counts(values: readonly string[]): Map<string, number> {
  const table = new Map<string, number>();
  for (const value of values) table.set(value, (table.get(value) ?? 0) + 1);
  return table;
}

const isReason = (value: string) => /^(blank|no-[a-z]+)$/.test(value);

/** What the log gives, in numbers. */
function summary(path: string): Record<string, number> {
  const found = urls(contents(path));
  const counted = found.filter((value) => !isReason(value));
  return {
    lines: found.length,
    rejected: found.length - counted.length,
    distinct: new Set(counted).size,
  };
}

const COURSE = join(DATA, 'course/access_log.txt.gz');
const ELASTIC = join(DATA, 'elastic/apache_logs.gz');

it.skipIf(!existsSync(COURSE))('counts the course log as its notes do', () => {
  expect(summary(COURSE)).toEqual({ lines: 76_079, rejected: 11, distinct: 168 });
  const table = counts(urls(contents(COURSE)));
  expect(table.get('/xmlrpc.php')).toBe(68_494);
  expect(table.get('no-request')).toBe(10);
  expect(table.get('no-field')).toBe(1);
});

it.skipIf(!existsSync(ELASTIC))('counts the Elastic log, whose line 8899 is cut short', () => {
  expect(summary(ELASTIC)).toEqual({ lines: 10_000, rejected: 1, distinct: 1_498 });
  expect(isReason(urls(contents(ELASTIC))[8898])).toBe(true);
});

describe.skipIf(!existsSync(DATA))('small logs of all kinds', () => {
  const paths = ['crowdsec', 'lnav', 'formats'].flatMap((folder) => {
    const directory = join(DATA, folder);
    if (!existsSync(directory)) return [];
    return readdirSync(directory).map((name) => join(folder, name));
  });

  it.each(paths)('reads %s as the reference does', (path) => {
    const bytes = contents(join(DATA, path));
    const lines = bytes.toString('latin1').replace(/\n$/, '').split('\n');
    const actual = urls(bytes).map((value) => (isReason(value) ? undefined : value));
    expect(actual).toEqual(
      lines.map((line) => {
        const captures = referenceCaptures(line);
        return captures && referenceField(captures, 'url');
      }),
    );
  });
});
