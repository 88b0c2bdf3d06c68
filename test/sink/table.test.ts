import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/sink/display-width.js';
import { tableFormat } from '../../src/sink/table.js';
import { HOSTILE_KEYS, row, snapshotOf, terminalOf } from './snapshots.js';

const LOCAL_END = new Date(2026, 10, 22, 8, 0, 0).getTime();

const busy = snapshotOf([row('/xmlrpc.php', 68494), row('/日本/é', 1523), row('/a\\b\x1b', 1)], {
  start: LOCAL_END - 300_000,
  end: LOCAL_END,
  total: 76068,
  distinct: 168,
  other: 6050,
  rate: 1234.4,
  reasons: [
    ['no-request', 10],
    ['no-field', 1],
  ],
});

function onTerminal(columns: number, rows = 24): (snapshot: typeof busy) => string[] {
  const terminal = terminalOf(columns, rows);
  const format = tableFormat({ fields: ['url'], window: 300_000, terminal, inPlace: true });
  return (snapshot) => format(snapshot).split('\n').slice(0, -1);
}

describe('a table on a terminal', () => {
  test('looks like this', () => {
    expect(onTerminal(120)(busy)).toEqual([
      'last 5m to 08:00:00 · 76,068 requests · 168 distinct · 6,050 other',
      '1,234 lines/s · 11 rejected (10 no-request, 1 no-field)',
      'rank   count  share  url',
      '────  ──────  ─────  ───────────',
      '   1  68,494  90.0%  /xmlrpc.php',
      '   2   1,523   2.0%  /日本/é',
      '   3       1   0.0%  /a\\b\\x1b',
      '       6,050   8.0%  (other)',
    ]);
  });

  test('shows an empty window', () => {
    expect(onTerminal(80)(snapshotOf([], { end: LOCAL_END }))).toEqual([
      'last 5m to 08:00:00 · 0 requests · 0 distinct',
      '0 lines/s',
      'rank  count  share  url',
      '────  ─────  ─────  ───',
    ]);
  });

  test('tells the window from the time since the start, where lines were rejected before', () => {
    const snapshot = snapshotOf([], { end: LOCAL_END, rejected: 2, reasons: [['blank', 25]] });
    expect(onTerminal(120)(snapshot)[1]).toContain('2 rejected (25 since the start: 25 blank)');
  });

  test('cuts keys that are too wide, wide characters too', () => {
    const snapshot = snapshotOf([row('/abcdefghijklmnop', 2), row('/日本語日本語日本語', 1)]);
    expect(onTerminal(34)(snapshot).slice(-2)).toEqual([
      '   1      2  66.7%  /abcdefghijkl…',
      '   2      1  33.3%  /日本語日本語…',
    ]);
  });

  test('leaves out the share, then the rank, before it cuts keys short', () => {
    // Without ranks a row of what is over would look like a request for `(other)`.
    expect(onTerminal(20)(busy).slice(-5)).toEqual([
      ' count  url',
      '──────  ───────────',
      '68,494  /xmlrpc.php',
      ' 1,523  /日本/é',
      '     1  /a\\b\\x1b',
    ]);
    expect(onTerminal(28)(busy).slice(-3)).toEqual([
      '   2   1,523  /日本/é',
      '   3       1  /a\\b\\x1b',
      '       6,050  (other)',
    ]);
  });

  test('of many fields, leaves out the last', () => {
    const fields = ['url', 'agent', 'referer', 'user', 'host'];
    const format = tableFormat({ fields, window: 1000, terminal: terminalOf(24), inPlace: true });
    const snapshot = snapshotOf([
      row(
        fields.map((field) => field.repeat(3)),
        1,
      ),
    ]);
    expect(format(snapshot).split('\n').slice(-4, -1)).toEqual([
      'count  url   age…  refe…',
      '─────  ────  ────  ─────',
      '    1  url…  age…  refe…',
    ]);
  });

  test('fits the rows of the terminal, and says how many are missing', () => {
    const rows = Array.from({ length: 50 }, (_, index) => row(`/${index}`, 1));
    const lines = onTerminal(80, 10)(snapshotOf(rows));
    expect(lines).toHaveLength(9);
    expect(lines.at(-1)).toBe('… 46 more rows');
    expect(lines.at(-2)).toBe('   4      1   2.0%  /3');
  });

  test('as many rows as fit exactly are all shown', () => {
    const rows = Array.from({ length: 5 }, (_, index) => row(`/${index}`, 1));
    const lines = onTerminal(80, 10)(snapshotOf(rows));
    expect(lines.at(-1)).toBe('   5      1  20.0%  /4');
  });

  test('is never wider than the terminal', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.constantFrom('日'.repeat(40), '👨‍👩‍👧‍👦'.repeat(9), 'e\u0301'.repeat(40), '❤️'.repeat(20)),
    );
    const keys = fc.array(fc.tuple(text, text, text), { maxLength: 5 });
    const sizes = fc.record({
      columns: fc.integer({ min: 1, max: 130 }),
      count: fc.nat(),
      rate: fc.nat(),
    });
    fc.assert(
      fc.property(keys, sizes, (parts, { columns, count, rate }) => {
        const rows = parts.map((fields) =>
          row(
            fields.map((field) => field.replaceAll('\n', '')),
            count + 1,
          ),
        );
        const format = tableFormat({
          fields: ['url', 'agent', 'referer'],
          window: 300_000,
          terminal: terminalOf(columns),
          inPlace: true,
        });
        const text = format(snapshotOf(rows, { rate, other: count, reasons: [['blank', 9]] }));
        for (const line of text.split('\n')) {
          // Two columns for a number and one for its field cannot be less than this.
          expect(displayWidth(line)).toBeLessThanOrEqual(Math.max(columns, 4));
        }
      }),
      { numRuns: 500 },
    );
  });

  test('has colours only where the terminal has', () => {
    const options = { fields: ['url'], window: 'all', inPlace: true } as const;
    const colourful = tableFormat({ ...options, terminal: terminalOf(80, 24, true) })(busy);
    const plain = tableFormat({ ...options, terminal: terminalOf(80, 24, false) })(busy);
    const escapes = /\p{Cc}\[\d+m/gu;
    expect(colourful).toMatch(escapes);
    expect(colourful.replace(escapes, '')).toBe(plain);
  });

  test('a long hostile key takes no long time', () => {
    const rows = Array.from({ length: 20 }, () => row('日'.repeat(20_000), 1));
    const begin = performance.now();
    onTerminal(200)(snapshotOf(rows));
    tableFormat({ fields: ['url'], window: 1, terminal: undefined, inPlace: false })(
      snapshotOf(rows),
    );
    // Half a minute for each row where cli-table3 cuts it.
    expect(performance.now() - begin).toBeLessThan(5000);
  });
});

describe('a table that is no terminal', () => {
  const options = { fields: ['url', 'status'], terminal: undefined, inPlace: false } as const;

  test('has dates, no colours, whole keys and a blank line between snapshots', () => {
    const format = tableFormat({ ...options, window: 'all' });
    const snapshot = snapshotOf([row([`/${'x'.repeat(99)}`, '200'], 3), row(['/', '404'], 1)], {
      start: LOCAL_END,
    });
    const table = [
      'all since 2026-11-22 08:00:00 · 4 requests · 2 distinct · 0 lines/s',
      `rank  count  share  ${'url'.padEnd(80)}  status`,
      `────  ─────  ─────  ${'─'.repeat(80)}  ──────`,
      `   1      3  75.0%  /${'x'.repeat(99)}  200`,
      `   2      1  25.0%  ${'/'.padEnd(80)}  404`,
      '',
    ].join('\n');
    expect(format(snapshot)).toBe(table);
    expect(format(snapshot)).toBe(`\n${table}`);
  });

  test('shows all of many rows, each in its place', () => {
    const rows = Array.from({ length: 100 }, (_, index) => row([`/${index}`, 'é'], 100 - index));
    const lines = tableFormat({ ...options, window: 1500 })(snapshotOf(rows))
      .split('\n')
      .slice(3, -1);
    expect(lines.map((line) => line.trim().split(/ +/))).toEqual(
      rows.map(({ count }, index) => [
        `${index + 1}`,
        `${count}`,
        `${((count / 5050) * 100).toFixed(1)}%`,
        `/${index}`,
        'é',
      ]),
    );
  });

  test.each([
    [500, '500ms'],
    [1500, '1500ms'],
    [90_000, '90s'],
    [300_000, '5m'],
    [7_200_000, '2h'],
  ])('a window of %d ms is called %s', (window, name) => {
    const text = tableFormat({ ...options, window })(snapshotOf([], { end: LOCAL_END }));
    expect(text.startsWith(`last ${name} to 2026-11-22 08:00:00 ·`)).toBe(true);
  });
});

test('hostile keys stay on their lines', () => {
  const rows = HOSTILE_KEYS.map((key) => row(key, 1));
  expect(onTerminal(200)(snapshotOf(rows))).toHaveLength(4 + rows.length);
});
