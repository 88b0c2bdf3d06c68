/**
 * The same batches through the window and through Spark's `reduceByKeyAndWindow` with an inverse
 * function, and the text that both print of it.
 */
import { describe, expect, it } from 'vitest';
import { requests } from '../support/requests.js';
import { runToEnd } from '../support/run.js';
import type { Line } from '../window/checked-keys.js';
import { seen } from '../window/every-event.js';
import { History } from '../window/history.js';

const SECOND = 1000;
const NO_KEY: Line = { rejection: 'no-request' };

/** What comes in each second: a letter is a line with that key, `-` one that has none. */
const BATCHES = ['aab-', 'ac', 'b', '', '', 'd', '', 'a'];

/** What Spark has in the window after each, over five slides and with `filterFunc` v > 0. */
const FILTERED: readonly Readonly<Record<string, number>>[] = [
  { b: 1, None: 1, a: 2 },
  { b: 1, None: 1, c: 1, a: 3 },
  { b: 2, None: 1, c: 1, a: 3 },
  { b: 2, None: 1, c: 1, a: 3 },
  { b: 2, None: 1, c: 1, a: 3 },
  { b: 1, c: 1, d: 1, a: 1 },
  { b: 1, d: 1 },
  { d: 1, a: 1 },
];

function windowsOf(batches: readonly string[], slides: number): ReturnType<typeof seen>[] {
  const history = new History({ window: slides * SECOND, slide: SECOND, pane: SECOND });
  history.clock.advance(SECOND);
  for (const batch of batches) {
    history.parse(Array.from(batch, (key) => (key === '-' ? NO_KEY : { key })));
    history.add();
    history.clock.advance(SECOND);
  }
  return history.snapshots.slice(1).map(seen);
}

describe('9. windows of five slides', () => {
  it('hold what Spark holds; a line without a key is none of the rows', () => {
    const windows = windowsOf(BATCHES, 5);
    const held = windows.map(({ rows, rejected }) => {
      const none = rejected > 0 ? { None: rejected } : {};
      return { ...Object.fromEntries(rows), ...none };
    });
    expect(held).toEqual(FILTERED);
    expect(windows.flatMap(({ rows }) => rows.map(([key]) => key))).not.toContain('None');
  });

  it('never hold a key that fell to 0, which Spark keeps unless it is filtered', () => {
    const windows = windowsOf([...BATCHES, '', '', '', '', ''], 5);
    expect(windows.flatMap(({ rows }) => rows).filter(([, count]) => count < 1)).toEqual([]);
    expect(windows.map(({ distinct }) => distinct)).toEqual([
      2, 3, 3, 3, 3, 4, 2, 2, 2, 2, 1, 1, 0,
    ]);
  });

  it('have equal counts in the order of entry, where Spark leaves it open', () => {
    const [, second, , , , sixth] = windowsOf(BATCHES, 5);
    expect(second.rows.map(([key]) => key)).toEqual(['a', 'b', 'c']);
    expect(sixth.rows.map(([key]) => key)).toEqual(['a', 'b', 'c', 'd']);
  });
});

const RULE = '-'.repeat(43);
/** A zone that has no full hours, so that UTC cannot pass for it. */
const INDIA = { zone: 'Asia/Kolkata', offset: 5.5 * 3600 * SECOND };

/** A run that prints, and the moments between which it did. */
async function printed(args: readonly string[], input: string) {
  const begun = Date.now();
  const { code, stdout } = await runToEnd([...args, '-o', 'pprint'], {
    input,
    env: { TZ: INDIA.zone },
  });
  expect(code).toBe(0);
  return { stdout, begun, ended: Date.now() };
}

describe('10. the block that pprint prints, byte for byte', () => {
  it('with more rows than are shown, and with strange keys', async () => {
    const input = requests(
      '/xmlrpc.php',
      "/it's",
      '/back\\slash',
      '/xmlrpc.php',
      '/\x1b[31m',
      '/é',
    );
    const { stdout, begun, ended } = await printed(['count', '-n', '4'], input);
    const time = /^Time: (.*)$/m.exec(stdout)?.[1] ?? '';
    const rows = `('/xmlrpc.php', 2)\n("/it's", 1)\n('/back\\\\slash', 1)\n('/\\x1b[31m', 1)\n...\n`;
    expect(stdout).toBe(`${RULE}\nTime: ${time}\n${RULE}\n${rows}\n`);
    // As `str(datetime)` has it: local, and with six digits where the second is not whole.
    expect(time).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3}000)?$/);
    const moment = Date.parse(`${time.slice(0, 23).replace(' ', 'T')}Z`) - INDIA.offset;
    expect(moment).toBeGreaterThanOrEqual(begun);
    expect(moment).toBeLessThanOrEqual(ended);
  });

  it('with no more rows than are shown', async () => {
    const { stdout } = await printed(['count'], requests('/a'));
    expect(stdout.split('\n').slice(2)).toEqual([RULE, "('/a', 1)", '', '']);
  });

  it('of an empty window: the frame and an empty line', async () => {
    const { stdout } = await printed(['count'], '');
    expect(stdout.split('\n').slice(2)).toEqual([RULE, '', '']);
  });
});

describe('a line', () => {
  it('is bytes: white space beyond ASCII, which Python splits at, belongs to the URL', async () => {
    const input = requests('/a\u00a0b', '/c\u2003d', '/e\u0085f');
    const { stdout } = await runToEnd(['count', '-o', 'tsv'], { input });
    const urls = stdout.split('\n').map((row) => row.split('\t')[3]);
    expect(urls).toEqual(['/a\u00a0b', '/c\u2003d', '/e\\xc2\\x85f', undefined]);
  });
});
