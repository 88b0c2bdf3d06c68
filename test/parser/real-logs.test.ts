/** Real logs, where they are at hand. They are no part of the project: see their INDEX.md. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FIELDS, type Field } from '../../src/core/config.js';
import type { Parser } from '../../src/core/stages.js';
import {
  type ReferenceCaptures,
  referenceCaptures,
  referenceField,
} from '../reference/combined.js';
import { answersTo, batchOfBytes } from './batches.js';
import { cut } from './kernel/near-lines.js';
import { kernelParser, plainParser } from './parsers.js';

const DATA = join(import.meta.dirname, '../../../shared/data');
const COURSE = 'course/access_log.txt.gz';
const ELASTIC = 'elastic/apache_logs.gz';
const BATCH = 100_000;

function contents(path: string): Buffer {
  const bytes = readFileSync(join(DATA, path));
  return path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
}

async function parse(parser: Parser, bytes: Buffer): Promise<string[]> {
  return (await answersTo(parser, cut(bytes, BATCH, 1).map(batchOfBytes))).flat();
}

const isReason = (value: string) => /^(blank|no-[a-z]+)$/.test(value);

/** What the log gives, in numbers. */
async function summary(path: string): Promise<Record<string, number>> {
  const found = await parse(kernelParser(), contents(path));
  const counted = found.filter((value) => !isReason(value));
  const rejected = found.length - counted.length;
  return { lines: found.length, rejected, distinct: new Set(counted).size };
}

function counts(values: readonly string[]): Map<string, number> {
  const table = new Map<string, number>();
  for (const value of values) table.set(value, (table.get(value) ?? 0) + 1);
  return table;
}

it.skipIf(!existsSync(join(DATA, COURSE)))('counts the course log as its notes do', async () => {
  expect(await summary(COURSE)).toEqual({ lines: 76_079, rejected: 11, distinct: 168 });
  const table = counts(await parse(kernelParser(), contents(COURSE)));
  expect(table.get('/xmlrpc.php')).toBe(68_494);
  expect(table.get('no-request')).toBe(10);
  expect(table.get('no-field')).toBe(1);
});

it.skipIf(!existsSync(join(DATA, ELASTIC)))(
  'counts the Elastic log, whose line 8899 is cut short',
  async () => {
    expect(await summary(ELASTIC)).toEqual({ lines: 10_000, rejected: 1, distinct: 1_498 });
    expect(isReason((await parse(kernelParser(), contents(ELASTIC)))[8898])).toBe(true);
  },
);

describe.skipIf(!existsSync(DATA))('logs of all kinds', () => {
  const folders = ['course', 'elastic', 'crowdsec', 'lnav', 'formats'];
  const paths = folders.flatMap((folder) => {
    const directory = join(DATA, folder);
    if (!existsSync(directory)) return [];
    return readdirSync(directory).map((name) => join(folder, name));
  });

  it.each(paths)('reads %s as the reference does, with and without the kernel', async (path) => {
    const bytes = contents(path);
    const lines = bytes.toString('latin1').replace(/\n$/, '').split('\n');
    const captures = lines.map(referenceCaptures);
    for (const by of [['url'], FIELDS] as const) {
      const plain = await parse(plainParser({ by }), bytes);
      expect(await parse(kernelParser({ by }), bytes)).toEqual(plain);
      const known = plain.map((value) => (isReason(value) ? undefined : value));
      expect(known).toEqual(captures.map((each) => each && keyOf(each, by)));
    }
  });
});

function keyOf(captures: ReferenceCaptures, by: readonly Field[]): string | undefined {
  const fields = by.map((field) => referenceField(captures, field));
  return fields.includes(undefined) ? undefined : fields.join('|');
}
