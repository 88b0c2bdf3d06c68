import { describe, expect, test } from 'vitest';
import { tsvFormat } from '../../src/sink/tsv.js';
import { row, snapshotOf } from './snapshots.js';

const TIME = '2026-11-22T08:00:00.000Z';

describe('tsv', () => {
  test('a line for each row, no header', () => {
    const format = tsvFormat(['url'], 'plain');
    const snapshot = snapshotOf([row('/xmlrpc.php', 68494), row('/', 3)]);
    const expected = `${TIME}\t1\t68494\t/xmlrpc.php\n${TIME}\t2\t3\t/\n`;
    expect(format(snapshot)).toBe(expected);
    expect(format(snapshot)).toBe(expected);
  });

  test('a column for each field', () => {
    const snapshot = snapshotOf([row(['/a', '200'], 1)]);
    expect(tsvFormat(['url', 'status'], 'plain')(snapshot)).toBe(`${TIME}\t1\t1\t/a\t200\n`);
  });

  test('what is over the bounds comes last, without a rank', () => {
    const snapshot = snapshotOf([row(['/a', '200'], 1)], { other: 7 });
    expect(tsvFormat(['url', 'status'], 'plain')(snapshot)).toBe(
      `${TIME}\t1\t1\t/a\t200\n${TIME}\t\t7\t(other)\t\n`,
    );
  });

  test('an empty window is nothing', () => {
    expect(tsvFormat(['url'], 'plain')(snapshotOf([]))).toBe('');
  });

  test('keys are escaped', () => {
    const snapshot = snapshotOf([row('/a\tb\\\x1b', 1), row(Buffer.from([0xff]), 1)]);
    expect(tsvFormat(['url'], 'plain')(snapshot)).toBe(
      `${TIME}\t1\t1\t/a\\tb\\\\\\x1b\n${TIME}\t2\t1\t\\xff\n`,
    );
  });
});
