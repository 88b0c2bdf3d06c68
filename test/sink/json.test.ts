import { describe, expect, test } from 'vitest';
import { jsonFormat } from '../../src/sink/json.js';
import { ndjsonFormat } from '../../src/sink/ndjson.js';
import { HOSTILE_KEYS, row, snapshotOf } from './snapshots.js';

describe('ndjson', () => {
  test('is what the design shows', () => {
    const snapshot = snapshotOf([row('/xmlrpc.php', 68494)], {
      total: 76068,
      distinct: 168,
      rejected: 11,
    });
    expect(ndjsonFormat(['url'])(snapshot)).toBe(
      '{"version":1,"start":"2026-11-22T07:55:00.000Z","end":"2026-11-22T08:00:00.000Z",' +
        '"total":76068,"distinct":168,"rejected":11,' +
        '"top":[{"rank":1,"url":"/xmlrpc.php","count":68494}]}\n',
    );
  });

  test('fields are named as they were asked for, and other comes last', () => {
    const snapshot = snapshotOf([row(['GET', '/a'], 2)], { other: 5 });
    expect(top(ndjsonFormat(['method', 'url'])(snapshot))).toBe(
      '[{"rank":1,"method":"GET","url":"/a","count":2},{"other":true,"count":5}]',
    );
  });

  test('what is not UTF-8 has its bytes beside it', () => {
    const snapshot = snapshotOf([row(Buffer.from([0x2f, 0xff, 0x0a, 0x61]), 1)]);
    expect(top(ndjsonFormat(['url', 'agent'])(snapshot))).toBe(
      '[{"rank":1,"url":"/\ufffd","url_bytes":"L/8=","agent":"a","count":1}]',
    );
  });

  test('a U+FFFD that was in the log has no bytes', () => {
    const snapshot = snapshotOf([row('/\ufffd', 1)]);
    expect(top(ndjsonFormat(['url'])(snapshot))).toBe('[{"rank":1,"url":"/\ufffd","count":1}]');
  });

  test('an empty window is an object too', () => {
    expect(top(ndjsonFormat(['url'])(snapshotOf([])))).toBe('[]');
  });

  test('control characters, separators and bidirectional controls are escaped', () => {
    const snapshot = snapshotOf([row('\x1b\x7f\x9b\u2028\u202e\u061c\u2069é😀', 1)]);
    expect(top(ndjsonFormat(['url'])(snapshot))).toBe(
      '[{"rank":1,"url":"\\u001b\\u007f\\u009b\\u2028\\u202e\\u061c\\u2069é😀","count":1}]',
    );
  });
});

test.each([
  ['ndjson', ndjsonFormat],
  ['json', jsonFormat],
])('%s: a reader gets the keys back', (_, format) => {
  const snapshot = snapshotOf(HOSTILE_KEYS.map((key) => row(key, 1)));
  const read = JSON.parse(format(['url'])(snapshot));
  const keys = read.top.map((entry: { url: string; url_bytes?: string }) =>
    entry.url_bytes === undefined ? Buffer.from(entry.url) : Buffer.from(entry.url_bytes, 'base64'),
  );
  expect(keys).toEqual(HOSTILE_KEYS);
});

test('json is the same, indented', () => {
  const snapshot = snapshotOf([row('/a\u2028', 1)], { other: 1 });
  const text = jsonFormat(['url'])(snapshot);
  expect(text).toMatch(/^\{\n {2}"version": 1,\n/);
  expect(text).toContain('"url": "/a\\u2028"');
  expect(text.endsWith('\n}\n')).toBe(true);
  expect(JSON.parse(text)).toEqual(JSON.parse(ndjsonFormat(['url'])(snapshot)));
});

function top(line: string): string {
  return line.slice(line.indexOf('"top":') + '"top":'.length, -'}\n'.length);
}
