import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeBytes } from '../../src/core/escape.js';
import { csvFormat } from '../../src/sink/csv.js';
import { HOSTILE_KEYS, row, snapshotOf } from './snapshots.js';

const TIME = '2026-11-22T08:00:00.000Z';

describe('csv', () => {
  test('one header, then records', () => {
    const format = csvFormat(['url', 'status'], 'plain');
    const snapshot = snapshotOf([row(['/a', '200'], 3)], { other: 2 });
    const body = `${TIME},1,3,/a,200\r\n${TIME},,2,(other),\r\n`;
    expect(format(snapshot)).toBe(`time,rank,count,url,status\r\n${body}`);
    expect(format(snapshot)).toBe(body);
  });

  test('an empty window has the header alone, and then nothing', () => {
    const format = csvFormat(['url'], 'plain');
    expect(format(snapshotOf([]))).toBe('time,rank,count,url\r\n');
    expect(format(snapshotOf([]))).toBe('');
  });

  test.each([
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@a', "'@a"],
    ["'=1", "''=1"],
    ["'a", "'a"],
    ['/=', '/='],
    ['=HYPERLINK("a","b")', '"\'=HYPERLINK(""a"",""b"")"'],
  ])('the cell %j', (key, cell) => {
    const text = csvFormat(
      ['url', 'agent'],
      'plain',
    )(snapshotOf([{ key: Buffer.concat([Buffer.from('/\n'), Buffer.from(key)]), count: 1 }]));
    expect(text.split('\r\n')[1]).toBe(`${TIME},1,1,/,${cell}`);
  });

  test('a reader of RFC 4180 gets the escaped keys back', () => {
    const field = fc.oneof(
      fc.constantFrom(...HOSTILE_KEYS),
      fc.array(fc.constantFrom(...`='"+-@,; a\r\\\uff1d`), { maxLength: 8 }).map((characters) => {
        return Buffer.from(characters.join(''));
      }),
    );
    const rows = fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rows, (pairs) => {
        const keys = pairs.map(([a, b]) => Buffer.concat([a, Buffer.from('\n'), b]));
        const snapshot = snapshotOf(keys.map((key) => ({ key, count: 1 })));
        const [, ...read] = readCsv(csvFormat(['a', 'b'], 'plain')(snapshot));
        const cells = read.map((record) => record.slice(3).map(withoutGuard));
        expect(cells).toEqual(pairs.map((pair) => pair.map((part) => escapeBytes(part, 'plain'))));
      }),
      { numRuns: 500 },
    );
  });
});

/** Takes off the `'` that keeps a cell from being a formula. */
function withoutGuard(cell: string): string {
  return /^'['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(cell) ? cell.slice(1) : cell;
}

/** RFC 4180, strictly: anything else is an error. */
function readCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let rest = text;
  while (rest !== '') {
    const match = /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(rest);
    if (match === null) throw new Error(`This is no CSV: ${JSON.stringify(rest)}`);
    const [whole, quoted, bare, end] = match;
    record.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    rest = rest.slice(whole.length);
    if (end === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}
