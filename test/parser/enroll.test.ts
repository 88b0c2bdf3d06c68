/** Keys that an earlier run counted get their numbers before any line is parsed. */
import { afterEach, describe, expect, it } from 'vitest';
import { OTHER } from '../../src/core/answer.js';
import type { Parser } from '../../src/core/stages.js';
import { Random } from '../../src/traffic/random.js';
import { batchOf, outletOf, parse } from './batches.js';
import { cut } from './kernel/near-lines.js';
import { PieceSource, untilReady } from './kernel/runs.js';
import { kernelParser, PARSERS } from './parsers.js';

function lineOf(url: string): string {
  return `192.0.2.7 - - [22/Nov/2026:08:00:00 +0000] "GET ${url} HTTP/1.1" 200 5 "-" "-"\n`;
}

function enroll(parser: Parser, key: string): number {
  return parser.keys.enroll(Buffer.from(key, 'latin1'));
}

/** The numbers of the keys of these lines. */
async function numbersOf(parser: Parser, urls: readonly string[]): Promise<number[]> {
  const numbers: number[] = [];
  for await (const answer of parser.answers(outletOf([batchOf(urls.map(lineOf).join(''))]))) {
    numbers.push(...answer.keys());
    parser.keys.added();
  }
  return numbers;
}

describe.each(PARSERS)('a key that is enrolled in %s', (_, create) => {
  it('is the one that a line has, whatever its length', async () => {
    const urls = [1, 2, 31, 32, 33, 255, 256, 257, 258, 1000, 65_000].map((length) =>
      '/page\xff'.repeat(length).slice(0, length),
    );
    const parser = create();
    const numbers = urls.map((url) => enroll(parser, url));
    expect(new Set(numbers).size).toBe(urls.length);
    expect(numbers).toEqual(urls.map((url) => enroll(parser, url)));
    expect(parser.keys.limit).toBe(urls.length);
    const texts = numbers.map((key) => Buffer.from(parser.keys.bytesOf(key)).toString('latin1'));
    expect(texts).toEqual(urls);
    expect(await numbersOf(parser, ['/new', ...urls.toReversed()])).toEqual([
      urls.length,
      ...numbers.toReversed(),
    ]);
  });

  it('may be of several fields', async () => {
    const parser = create({ by: ['url', 'status', 'query'] });
    const number = enroll(parser, '/a?b\n200\nb');
    expect(await numbersOf(parser, ['/a', '/a?b'])).toEqual([number + 1, number]);
  });

  it('finds room within the bounds', async () => {
    const few = create({ maxKeys: 2 });
    expect(['/a', '/b', '/c', '/a'].map((key) => enroll(few, key))).toEqual([0, 1, OTHER, 0]);
    expect(await parse(few, lineOf('/c') + lineOf('/b'))).toEqual(['other', '/b']);
    const short = create({ maxKeyBytes: 10 });
    expect(['/12345', '/1234', '/123', '/'].map((key) => enroll(short, key))).toEqual([
      0,
      OTHER,
      1,
      OTHER,
    ]);
  });

  it('is given back where nothing of it is in the window', async () => {
    const parser = create({ maxKeys: 2 });
    const [kept, left] = ['/kept', '/left'].map((key) => enroll(parser, key));
    parser.keys.entered(kept);
    parser.keys.left(left);
    expect(await parse(parser, lineOf('/new') + lineOf('/left') + lineOf('/kept'))).toEqual([
      '/new',
      'other',
      '/kept',
    ]);
  });

  it('keeps its number until the first answer, though another pane had no count of it', () => {
    const parser = create();
    const number = enroll(parser, '/a');
    parser.keys.left(number);
    parser.keys.left(number);
    expect(enroll(parser, '/b')).not.toBe(number);
    expect(enroll(parser, '/a')).toBe(number);
  });
});

describe('a key that is enrolled in the kernel', () => {
  const BUFFER = 64 * 1024;
  const parsers: Parser[] = [];

  afterEach(() => {
    for (const parser of parsers.splice(0)) parser.close();
  });

  it('finds no room where it is longer than any key of a line', () => {
    const parser = kernelParser({ by: ['url', 'query'], bufferSize: 1000, maxLine: 900 });
    expect(enroll(parser, 'x'.repeat(2001))).toBe(OTHER);
    expect(enroll(parser, 'x'.repeat(2000))).toBe(0);
  });

  it.each([1, 3])('is the one that a line has, with %i threads', async (threads) => {
    const parser = kernelParser({ bufferSize: BUFFER, maxKeys: 500, threads });
    parsers.push(parser);
    const numbers = new Map<string, number>();
    for (let n = 0; n < 400; n += 1) numbers.set(`/${n}`, enroll(parser, `/${n}`));
    await untilReady(parser, threads);
    const random = new Random(threads);
    const lines = Array.from({ length: 20_000 }, () => lineOf(`/${random.below(800)}`)).join('');
    const pieces = cut(Buffer.from(lines), 20_000, 1).map((bytes) => ({ bytes, at: 0 }));
    const source = new PieceSource(parser, pieces);
    for await (const { batch, counts } of parser.answers(source)) {
      for (let at = 0; at < counts.length; at += 2) {
        const key = Buffer.from(parser.keys.bytesOf(counts[at])).toString();
        expect(counts[at]).toBe(numbers.get(key) ?? counts[at]);
        numbers.set(key, counts[at]);
      }
      parser.keys.added();
      if (batch.kind === 'lines') parser.buffers.release(batch.bytes);
    }
    expect([source.memories.size, numbers.size, parser.keys.limit]).toEqual([threads, 500, 500]);
  });
});
