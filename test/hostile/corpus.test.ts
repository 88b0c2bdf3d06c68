/**
 * The built program on every file of fixtures/hostile: what comes out is exactly what stands beside
 * the file, in every format and from either parser, and nobody obeys any of it.
 */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSnapshot, type ReadRecord, recordsIn, said } from '../support/read-back.js';
import { type Ended, run, runToEnd } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import {
  CORPUS,
  differences,
  FOLDER,
  fieldsOf,
  GROUPS,
  type Group,
  type Hostile,
  sum,
  together,
} from './corpus.js';
import { canMeasure, costOf, MOST_MEMORY } from './cost.js';
import { type Printed, READERS } from './read-formats.js';
import { readTable } from './read-table.js';
import { bidirectionalIn, unsafeIn } from './unsafe.js';

const KERNELS = ['simd', 'plain'];
const FORMATS = [...Object.keys(READERS), 'table'];
/** What a format makes of a key does not depend on who parsed it, so two are enough of the other. */
const RUNS = [
  ...FORMATS.map((format) => [format, 'simd'] as const),
  ...['tsv', 'ndjson'].map((format) => [format, 'plain'] as const),
];
const SEPARATORS: Readonly<Record<string, RegExp>> = { tsv: /[\t\n]/g, csv: /\r\n/g };
const LINE_ENDS = /\n/g;

const directory = scratch();

it('is what the generator writes', async () => {
  const { generated } = await import('../../fixtures/hostile/generate.js');
  const files = generated();
  expect(namesIn(FOLDER)).toEqual([...files.keys(), 'generate.js', 'source'].sort());
  for (const [name, bytes] of files) {
    expect(readFileSync(join(FOLDER, name)).equals(bytes), name).toBe(true);
  }
});

/** What a run says of lines that were rejected. */
function reasonsIn(stderr: string): object {
  const [record] = said(stderr, 'rejected').filter(({ msg }) => !msg.includes('the first'));
  const { level, time, pid, msg, lines, counted, rejected, ...reasons } = record ?? {};
  return reasons;
}

const unmeasured = canMeasure ? '' : ' (its memory is not measured: needs Linux)';

describe.concurrent(`count of one file${unmeasured}`, () => {
  it.each(CORPUS)('$name: $tries', async (file) => {
    const args = ['count', ...file.args, '-n', '0', '-o', 'ndjson', file.path];
    const { code, stdout, stderr, peak } = await costOf(args, directory());
    const { rows, other } = READERS.ndjson(stdout, fieldsOf(file.args));
    expect(peak).toBeLessThan(MOST_MEMORY);
    expect(code).toBe(file.isBroken ? 1 : 0);
    if (file.isBroken) {
      expect(differences(rows, { files: [file], isBroken: true })).toEqual([]);
      const total = lastSnapshot(stdout)?.total;
      expect(said(stderr, 'cannot be read')).toMatchObject([{ linesRead: total }]);
      return;
    }
    expect(rows).toEqual(file.rows);
    expect(other).toBe(file.other);
    expect(reasonsIn(stderr)).toEqual(file.rejected);
    expect(lastSnapshot(stdout)).toMatchObject({
      total: file.counted,
      rejected: sum(Object.values(file.rejected)),
      distinct: file.rows.length,
    });
  });
});

/** Nothing that anybody would obey, and no log but records. */
function expectHarmless(format: string, stdout: Buffer, log: Buffer): void {
  expect(unsafeIn(stdout, SEPARATORS[format] ?? LINE_ENDS)).toEqual([]);
  expect(unsafeIn(log, LINE_ENDS)).toEqual([]);
  expect(bidirectionalIn(log.toString())).toEqual([]);
  for (const { msg } of recordsIn(log.toString())) expect(msg).toMatch(/^[A-Z][\w ,;:.?()]+$/);
  // Who reads these is told of bytes, or of code points.
  if (!['tsv', 'csv'].includes(format)) expect(bidirectionalIn(stdout.toString())).toEqual([]);
}

/** The rows of a table are for the eye: what is ASCII stands there as it is. */
function expectTable(stdout: string, { files, isBroken, by }: Group): void {
  const { rows, counted, other } = together(files);
  const table = readTable(stdout);
  const shown = table.rows.filter(({ rank }) => rank !== '');
  const rest = table.rows.slice(shown.length);
  expect(rest).toEqual(other > 0 ? [{ rank: '', count: other, text: '(other)' }] : []);
  if (isBroken) return;
  expect(table.heading).toContain(` ${counted.toLocaleString('en-US')} request`);
  expect(shown.map(({ rank }) => rank)).toEqual(shown.map((_, index) => String(index + 1)));
  expect(shown.map(({ count }) => count).sort()).toEqual([...rows.values()].sort());
  const plain = [...rows].filter(([key]) => by.length === 1 && /^[!-~]+( [!-~]+)*$/.test(key));
  const pairs = shown.map(({ text, count }) => `${count} ${text}`);
  for (const [key, count] of plain) expect(pairs).toContain(`${count} ${key}`);
}

function expectRows({ rows, other }: Printed, group: Group): void {
  expect(differences(rows, group)).toEqual([]);
  expect(other).toBe(together(group.files).other);
}

describe.each(GROUPS)('count of all for $title', (group) => {
  const paths = group.files.map(({ path }) => path);

  it.concurrent.each(RUNS)('as %s with the parser %s', async (format, kernel) => {
    const log = join(directory(), 'log');
    const args = ['count', ...group.args, '-n', '0', '-o', format, '--log-file', log, ...paths];
    const logwin = run(args, { input: '', env: { LOGWIN_KERNEL: kernel } });
    const { code, stdout, stderr } = await logwin.exited;
    expect([code, stderr]).toEqual([group.isBroken ? 1 : 0, '']);
    expectHarmless(format, logwin.bytes(), readFileSync(log));
    if (format === 'table') expectTable(stdout, group);
    else expectRows(READERS[format](stdout, group.by), group);
  });
});

/** Counts all files of a group in a directory of their own. */
async function watchOnce(
  group: Group,
  kernel: string,
): Promise<Ended & { readonly spool: string }> {
  const spool = join(directory(), 'spool');
  mkdirSync(spool);
  for (const { path } of group.files) copyFileSync(path, join(spool, basename(path)));
  const args = ['watch', spool, '--once', '--order', 'name', ...group.args];
  const env = { LOGWIN_KERNEL: kernel };
  return { ...(await runToEnd([...args, '-n', '0', '-o', 'ndjson'], { env })), spool };
}

function finishedIn(records: readonly ReadRecord[]): Record<string, unknown> {
  const finished = records.filter(({ msg }) => msg === 'A file is finished.');
  return Object.fromEntries(finished.map(({ file, lines }) => [basename(String(file)), lines]));
}

function linesOf(files: readonly Hostile[]): Record<string, number> {
  return Object.fromEntries(files.map(({ name, lines }) => [name, lines]));
}

describe.each(GROUPS)('watch --once of all for $title', (group) => {
  it.concurrent.each(KERNELS)('with the parser %s', async (kernel) => {
    const { code, stdout, stderr, spool } = await watchOnce(group, kernel);
    const log = Buffer.from(stderr);
    expect(code).toBe(group.isBroken ? 1 : 0);
    expectHarmless('ndjson', Buffer.from(stdout), log);
    expectRows(READERS.ndjson(stdout, group.by), group);
    const suffix = group.isBroken ? 'FAILED' : 'COMPLETED';
    expect(namesIn(spool)).toEqual(group.files.map(({ name }) => `${name}.${suffix}`).sort());
    const records = recordsIn(stderr);
    const [{ lines, counted, rejected }] = said(stderr, 'The run has ended.');
    expect(lines).toBe(Number(counted) + Number(rejected));
    expect(lastSnapshot(stdout)).toMatchObject({ total: counted, rejected });
    if (group.isBroken) return;
    expect(finishedIn(records)).toEqual(linesOf(group.files));
    expect(lines).toBe(together(group.files).lines);
  });
});
