/** Answers do not depend on how many threads parse. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, OTHER } from '../../../src/core/answer.js';
import type { KernelParser } from '../../../src/parser/kernel/kernel-parser.js';
import { THREAD_KEYS } from '../../../src/parser/kernel/parts.js';
import type { ParserOptions } from '../../../src/parser/parser-options.js';
import { Random } from '../../../src/traffic/random.js';
import { eventually } from '../../support/scratch.js';
import { batchOf, batchOfBytes, outletOf, parse } from '../batches.js';
import { kernelParser, plainParser } from '../parsers.js';
import { cut, NearLines } from './near-lines.js';
import { type Course, type Piece, PieceSource, run, untilReady } from './runs.js';

const BUFFER = 64 * 1024;
const parsers: KernelParser[] = [];

async function threadsOf(
  threads: number,
  options: Partial<ParserOptions> = {},
): Promise<KernelParser> {
  const parser = kernelParser({ bufferSize: BUFFER, maxLine: 2000, ...options, threads });
  parsers.push(parser);
  await untilReady(parser, threads);
  return parser;
}

afterEach(() => {
  for (const parser of parsers.splice(0)) parser.close();
});

function usual(url: string): string {
  return `192.0.2.7 - - [22/Nov/2026:08:00:00 +0000] "GET ${url} HTTP/1.1" 200 5 "-" "-"\n`;
}

/** Batches of all sizes, in buffers and elsewhere, with keys that come, stay away and come again. */
function piecesOf(seed: number): Piece[] {
  const random = new Random(seed);
  const near = new NearLines(seed);
  const pieces: Piece[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const page = () => usual(`/${random.below(20) * 100 + random.below(10 + turn)}`);
    const pages = Buffer.from(Array.from({ length: random.below(900) + 1 }, page).join(''));
    const lines = random.below(3) > 0 ? pages : near.lines(400);
    for (const bytes of cut(lines, random.pick([200, 5000, 20_000]), seed + turn)) {
      const at = random.below(3) > 0 ? random.below(BUFFER - bytes.length - 64) : undefined;
      pieces.push({ bytes, at });
    }
    if (random.below(4) === 0) pieces.push({ bytes: undefined, at: undefined });
  }
  return pieces;
}

const NOTHING_LEAVES: Course = { window: Number.POSITIVE_INFINITY, hasCell: () => true };

describe('any number of threads gives the answers that the plain parser gives', () => {
  it.each<[string, number[], Partial<ParserOptions>, Course]>([
    ['with room for all keys', [1, 2, 3, 8], {}, NOTHING_LEAVES],
    ['with keys that leave', [1, 2, 3, 8], {}, { window: 5, hasCell: () => true }],
    ['with keys that leave at once', [1, 3], {}, { window: 1, hasCell: () => false }],
    [
      'with keys that find no cell',
      [1, 2, 3],
      {},
      { window: 3, hasCell: (batch, key) => (batch + key.length) % 3 > 0 },
    ],
    ['with room for few keys', [1, 3], { maxKeys: 40 }, NOTHING_LEAVES],
    [
      'with room for few keys that leave',
      [1, 2, 3, 8],
      { maxKeys: 40 },
      { window: 4, hasCell: () => true },
    ],
    ['with room for a few more', [1, 2, 3], { maxKeys: 400 }, { window: 6, hasCell: () => true }],
    [
      'with room for few bytes',
      [1, 2, 3],
      { maxKeyBytes: 600 },
      { window: 4, hasCell: (batch, key) => (batch + key.length) % 3 > 0 },
    ],
    [
      'with keys of several fields',
      [1, 2, 3],
      { by: ['url', 'referer', 'agent'] },
      { window: 2, hasCell: () => true },
    ],
  ])('%s', async (_, threads, options, course) => {
    const all = await Promise.all(threads.map((count) => threadsOf(count, options)));
    const plain = plainParser({ bufferSize: BUFFER, maxLine: 2000, ...options });
    const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
    const property = fc.asyncProperty(seeds, async (seed) => {
      const pieces = piecesOf(seed);
      const { answers } = await run(plain, pieces, course);
      for (const [at, parser] of all.entries()) {
        const actual = await run(parser, pieces, course);
        expect(actual.memories.size).toBe(threads[at]);
        for (const [batch, lines] of answers.entries()) {
          expect(actual.answers[batch], `parser ${at}, batch ${batch}`).toEqual(lines);
        }
        expect(actual.answers.length).toBe(answers.length);
      }
    });
    // Another run would begin with what this one left in the tables, and not be told by its seed.
    await fc.assert(property, { numRuns: 1 });
  });

  it('with more keys than a thread remembers', async () => {
    const parser = await threadsOf(2, { maxKeys: 60_000 });
    const here = await holdBuffersOf(parser);
    const lines = 2 * THREAD_KEYS + 150_000;
    const texts: string[] = [];
    for (let n = 0; n < lines; n += 1)
      texts.push(`h - - [t] "G /${n % (lines - 30_000)}" 2 5 "" ""\n`);
    const pieces = cut(Buffer.from(texts.join('')), BUFFER / 2 - 100, 1).map((bytes) => ({
      bytes,
      at: 0,
    }));
    const course = { window: 20, hasCell: () => true };
    const { answers, memories } = await run(parser, pieces, course);
    expect([...memories.keys()]).not.toContain(here);
    expect(answers.flat().findIndex((key, n) => key !== `/${n % (lines - 30_000)}`)).toBe(-1);
  });

  it('with keys that a thread remembers and the table does not', async () => {
    const parser = await threadsOf(2, { maxKeys: 3 });
    await holdBuffersOf(parser);
    const pieces = ['/a /b /c', '/a /b /c /d', '/e', '/a /e /b /c'].map((urls) => {
      const lines = urls.split(' ').map(usual).join('');
      return { bytes: Buffer.from(lines), at: 0 };
    });
    const { answers } = await run(parser, pieces, { window: 1, hasCell: () => false });
    const texts = answers.map((lines) => lines.join(' '));
    expect(texts).toEqual(['/a /b /c', '/a /b /c other', '/e', '/a /e /b other']);
  });

  it('with as many new keys under way as there is room for', async () => {
    const bufferSize = Math.floor((8 << 20) / 6);
    const parser = await threadsOf(2, { by: ['host'], bufferSize, maxKeys: 600_000 });
    await holdBuffersOf(parser);
    const most = Math.floor(bufferSize / shortLine(0).length);
    const counts = [most, most, THREAD_KEYS - 2 * most, ...Array<number>(7).fill(most)];
    let from = 0;
    const pieces = counts.map((count, batch) => {
      const lines = Array.from({ length: count }, () => shortLine(from++)).join('');
      // Six in buffers, and one copied.
      return { bytes: Buffer.from(lines), at: batch === counts.length - 1 ? undefined : 0 };
    });
    const source = new PieceSource(parser, pieces);
    const keys = new Set<number>();
    let batch = 0;
    for await (const answer of parser.answers(source)) {
      for (const key of answer.keys()) keys.add(key);
      parser.keys.added();
      if (answer.batch.kind === 'lines') parser.buffers.release(answer.batch.bytes);
      // The thread knows as many keys as it may: the next batch will be one too many.
      batch += 1;
      if (batch === 3) await eventually(() => source.batches.length === counts.length);
    }
    expect(keys.size).toBe(from);
    expect(keys.has(OTHER)).toBe(false);
  });

  it('with large batches from elsewhere', async () => {
    const parser = await threadsOf(3);
    const pieces = Array.from({ length: 40 }, (_, batch) => {
      const text = Array.from({ length: 600 }, (_, line) => usual(`/${batch}/${line % 50}`));
      return { bytes: Buffer.from(text.join('')), at: undefined };
    });
    const { answers } = await run(parser, pieces, { window: 2, hasCell: () => true });
    const expected = pieces.map((_, batch) =>
      Array.from({ length: 600 }, (_, line) => `/${batch}/${line % 50}`),
    );
    expect(answers).toEqual(expected);
  });
});

/** Hardly a line is shorter; the n-th has a host of its own. */
function shortLine(n: number): string {
  const digits = [n % 90, Math.floor(n / 90) % 90, Math.floor(n / 8100)];
  const host = String.fromCharCode(...digits.map((digit) => 0x23 + digit));
  return `${host} a a [a] "a" 1 a "" ""\n`;
}

/** Takes the buffers of this thread away, so that all is read into those of others. */
async function holdBuffersOf(parser: KernelParser): Promise<ArrayBufferLike> {
  const { buffers } = parser;
  const all: Buffer[] = [];
  for (let next = buffers.tryAcquire(); next; next = buffers.tryAcquire()) all.push(next);
  const here = all.filter((buffer) => isMemoryHere(parser, buffer));
  for (const buffer of all) if (!here.includes(buffer)) buffers.release(buffer);
  expect(here.length).toBeGreaterThan(0);
  expect(here.length).toBeLessThan(all.length);
  return here[0].buffer;
}

/** The bytes of a key lie in the memory of the table. */
function isMemoryHere(parser: KernelParser, { buffer }: Buffer): boolean {
  return parser.keys.bytesOf(0).buffer === buffer;
}

describe('threads', () => {
  it('are started by a shortage of buffers, and not before', async () => {
    const parser = kernelParser({ threads: 2, bufferSize: BUFFER });
    parsers.push(parser);
    const here = parser.buffers.tryAcquire();
    expect(await parse(parser, usual('/a'))).toEqual(['/a']);
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (let free = 5; free > 0; free -= 1) {
      expect(parser.buffers.tryAcquire()?.buffer).toBe(here?.buffer);
    }
    const elsewhere = await parser.buffers.acquire();
    expect(elsewhere.buffer).not.toBe(here?.buffer);
  });

  it('let an answer wait for one batch only', async () => {
    const parser = await threadsOf(2);
    const buffer = await bufferElsewhere(parser);
    const text = usual('/there');
    const bytes = buffer.subarray(0, buffer.write(text));
    let takeLast = (_: undefined): void => {};
    const batches = [batchOfBytes(bytes), batchOf(usual('/here'))];
    const take = () => {
      const next = batches.shift();
      return next ? Promise.resolve(next) : new Promise<undefined>((done) => (takeLast = done));
    };
    const iterator = parser.answers({ take })[Symbol.asyncIterator]();
    for (const key of ['/there', '/here']) {
      const answer: Answer = (await iterator.next()).value;
      expect(Buffer.from(parser.keys.bytesOf(answer.counts[0])).toString()).toBe(key);
      parser.keys.added();
    }
    const last = iterator.next();
    takeLast(undefined);
    expect((await last).done).toBe(true);
  });

  it('that fail make the parser fail, and not wait for ever', async () => {
    const parser = await threadsOf(2);
    const { buffer, byteOffset } = await bufferElsewhere(parser);
    // A batch that goes on where there is no memory any more.
    const bytes = { buffer, byteOffset, length: 0x7fff_ffff } as unknown as Uint8Array;
    const batches = [batchOf(usual('/a')), { ...batchOf(''), bytes }, batchOf(usual('/b'))];
    const seen: number[] = [];
    const all = async () => {
      for await (const { lines } of parser.answers(outletOf(batches))) {
        seen.push(lines);
        parser.keys.added();
      }
    };
    await expect(all()).rejects.toThrow(/out of bounds/);
    expect(seen).toEqual([1]);
  });

  it.each(['an early end', 'an end before they are ready', 'a failure of the outlet'])(
    'do not keep the process alive after %s',
    async (what) => {
      const program = fileURLToPath(new URL('early-end-program.mjs', import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [program, what], {
        timeout: 20_000,
      });
      expect(stdout).toBe('closed\n');
    },
  );
});

async function bufferElsewhere(parser: KernelParser): Promise<Buffer> {
  await parse(parser, usual('/any'));
  await holdBuffersOf(parser);
  return parser.buffers.acquire();
}
