/** What is made to take long, or much, takes no more than other lines of the same length. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colliding } from '../../fixtures/hostile/source/keys.js';
import { distinctRequests, requests } from '../support/requests.js';
import { scratch } from '../support/scratch.js';
import { canMeasure, costOf, MOST_MEMORY } from './cost.js';

const directory = scratch();

describe.skipIf(!canMeasure)('the effort (needs Linux)', () => {
  const LONG = 60_000;

  /** Counts these lines, all of which give a key; shows all rows. */
  async function cost(text: string, format = 'tsv', kernel = 'simd') {
    const cwd = directory();
    writeFileSync(join(cwd, 'log'), text, 'latin1');
    const env = { LOGWIN_KERNEL: kernel };
    const taken = await costOf(['count', 'log', '-n', '0', '-o', format], cwd, { cwd, env });
    expect(taken).toMatchObject({ code: 0, stderr: '' });
    return taken;
  }

  it.each(['simd', 'plain'])(
    'keys that are one to a simple hash take no longer than others: %s',
    async (kernel) => {
      const keys = colliding(16).map((name) => `/${name}`);
      const others = distinctRequests(keys.length, 'another-page-of-this-length-');
      const usual = await cost(others, 'tsv', kernel);
      const { cpu, stdout } = await cost(requests(...keys), 'tsv', kernel);
      expect(stdout.split('\n')).toHaveLength(keys.length + 1);
      expect(cpu).toBeLessThan(4 * usual.cpu);
    },
  );

  it.each([
    'h - - [t] "GET /a% HTTP/1.1" 200 1 "-" "-"',
    'h - - [t] "GET /a HTTP/1.1" 200 1 "%" "-"',
    'h - - [t] "GET /a HTTP/1.1" 200 1 "-" "%"',
    'h - - [%] "GET /a HTTP/1.1" 200 1 "-" "-"',
  ])('quotes by the million take no longer than letters: %s', async (line) => {
    const lines = 100;
    const filled = (text: string): string =>
      `${line.replace('%', text.repeat(LONG / text.length))}\n`.repeat(lines);
    const usual = await cost(filled('x'));
    for (const text of ['"', '" ', ']"[ ', '" 1 - "-" ']) {
      const { cpu, stdout } = await cost(filled(text));
      expect(stdout).toMatch(new RegExp(`^\\S+\t1\t${lines}\t/a.*\n$`));
      expect(cpu).toBeLessThan(4 * usual.cpu);
    }
  });

  it.each([
    ['bytes that are not UTF-8', '\xff'],
    ['control characters', '\x1b'],
  ])('keys of %s take no more than their text', async (_, unit) => {
    const keys = (count: number, byte: string): string =>
      requests(...Array.from({ length: count }, (_, key) => `/${key}${byte.repeat(LONG)}`));
    // Four letters for each byte, so that as much comes out.
    const usual = await cost(keys(240, 'x'));
    for (const format of ['tsv', 'pprint']) {
      const { cpu, peak, stdout } = await cost(keys(60, unit), format);
      expect(stdout.length).toBeGreaterThan(4 * 60 * LONG);
      expect(peak, format).toBeLessThan(MOST_MEMORY);
      expect(cpu, format).toBeLessThan(10 * usual.cpu);
    }
  });
});
