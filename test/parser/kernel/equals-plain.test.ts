/** The kernel against the plain parser: the same key or the same reason for every line. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS, type Field } from '../../../src/core/config.js';
import { referenceCaptures, referenceField } from '../../reference/combined.js';
import { answersTo, batchOfBytes, parse } from '../batches.js';
import { DEFAULTS, kernelParser, plainParser } from '../parsers.js';
import { cut, NearLines } from './near-lines.js';

const LINES = 4000;
/** Vectors read so far beyond a buffer, at most. */
const BEYOND = 64;
const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });

/** Fails with the first line that is answered differently. */
function expectSame(lines: Buffer, actual: readonly string[], expected: readonly string[]): void {
  const at = expected.findIndex((answer, line) => answer !== actual[line]);
  const line = at < 0 ? '' : lines.toString('latin1').split('\n')[at];
  expect(actual[at], JSON.stringify(line)).toBe(expected[at]);
  expect(actual.length).toBe(expected.length);
}

describe('the kernel says of lines that are nearly usual what the plain parser says', () => {
  it.each<[string, ...Field[]]>([
    ['by URL', 'url'],
    ['by all that there is', ...FIELDS],
    ['by the method', 'method'],
  ])('%s', async (_, ...by) => {
    const kernel = kernelParser({ by, maxLine: 700, bufferSize: 1 << 20 });
    const plain = plainParser({ by, maxLine: 700, bufferSize: 1 << 20 });
    const reasons = new Set<string>();
    const property = fc.asyncProperty(seeds, async (seed) => {
      const lines = new NearLines(seed).lines(LINES);
      const expected = await parse(plain, lines);
      for (const answer of expected) reasons.add(answer.startsWith('/') ? 'key' : answer);
      expectSame(lines, await parse(kernel, lines), expected);
    });
    await fc.assert(property, { numRuns: 20, endOnFailure: true });
    const all = 'too-long blank no-host no-agent no-referer no-status no-request no-field key';
    if (by.join() === 'url') expect([...reasons]).toEqual(expect.arrayContaining(all.split(' ')));
  });

  it('and so does the reference', async () => {
    const kernel = kernelParser({ bufferSize: 1 << 20 });
    const property = fc.asyncProperty(seeds, async (seed) => {
      const bytes = new NearLines(seed).lines(LINES);
      const lines = bytes.toString('latin1').trimEnd().split('\n');
      const actual = await parse(kernel, bytes);
      for (const [at, line] of lines.entries()) {
        // It would take very long for a line of hundreds of quotes.
        if (line.split('"').length > 12) continue;
        const captures = referenceCaptures(line);
        const expected = captures ? (referenceField(captures, 'url') ?? 'no-field') : undefined;
        const found = /^(blank|no-(?!field).*)$/.test(actual[at]) ? undefined : actual[at];
        expect(found, JSON.stringify(line)).toBe(expected);
      }
    });
    await fc.assert(property, { numRuns: 4, endOnFailure: true });
  });

  it('however they are cut into batches', async () => {
    const kernel = kernelParser({ by: ['url', 'agent'], bufferSize: 1 << 20 });
    const plain = plainParser({ by: ['url', 'agent'], bufferSize: 1 << 20 });
    const least = fc.constantFrom(1, 100, 5000, 16_384, 40_000);
    const property = fc.asyncProperty(seeds, least, async (seed, bytes) => {
      const lines = new NearLines(seed).lines(LINES);
      const pieces = cut(lines, bytes, seed).map(batchOfBytes);
      const answers = await answersTo(kernel, pieces);
      expectSame(lines, answers.flat(), await parse(plain, lines));
    });
    await fc.assert(property, { numRuns: 10, endOnFailure: true });
  });
});

describe('the kernel reads no byte of what is around a batch', () => {
  it.each(['"', '\n', '"\n', ' ', '] "GET /other HTTP/1.1" 200 5 "-" "-"\n', '\xff'])(
    'where that is %j',
    async (garbage) => {
      const { bufferSize } = DEFAULTS;
      const kernel = kernelParser({ by: ['url', 'agent', 'host'] });
      const plain = plainParser({ by: ['url', 'agent', 'host'] });
      const buffer = kernel.buffers.tryAcquire() ?? Buffer.alloc(0);
      const around = Buffer.from(
        buffer.buffer,
        buffer.byteOffset - BEYOND,
        bufferSize + 2 * BEYOND,
      );
      const place = fc.option(fc.nat(3000), { nil: undefined });
      const property = fc.asyncProperty(seeds, place, fc.boolean(), async (seed, start, ended) => {
        const all = new NearLines(seed).lines(40);
        const lines = ended ? all : all.subarray(0, -1);
        // Without a place, at the very end of the buffer.
        const from = start ?? bufferSize - lines.length;
        around.fill(garbage, 'latin1');
        const bytes = buffer.subarray(from, from + lines.length);
        bytes.set(lines);
        expectSame(lines, await parse(kernel, bytes), await parse(plain, lines));
        expect(Buffer.compare(bytes, lines), 'the batch itself is as it was').toBe(0);
      });
      await fc.assert(property, { numRuns: 60, endOnFailure: true });
    },
  );
});

describe('the kernel takes lines longer than a strip', () => {
  const STRIP = 16 * 1024;
  const usual = (url: string) =>
    `192.0.2.7 - - [22/Nov/2026:08:00:00 +0000] "GET ${url} HTTP/1.1" 200 5 "-" "-"`;

  it.each([
    ['a long URL', usual(`/${'u'.repeat(3 * STRIP)}`)],
    ['a request full of quotes', usual(`/q${'"'.repeat(4 * STRIP)}`)],
    ['a request full of what could be its end', usual(`/${'" 200 5 '.repeat(STRIP)}`)],
    ['nothing but quotes', '"'.repeat(4 * STRIP)],
    ['nothing but white space', ' '.repeat(4 * STRIP)],
    ['blank lines by the thousand', '\n'.repeat(2 * STRIP)],
  ])('%s', async (_, long) => {
    const options = { by: ['url', 'method'] as Field[], maxLine: 1 << 18, bufferSize: 1 << 20 };
    const kernel = kernelParser(options);
    const plain = plainParser(options);
    for (const before of [0, 1, 2, 63, 64, 100, STRIP - 1, STRIP]) {
      const short = usual('/short');
      const text = `${'x'.repeat(before)}\n${long}\n${short}\n${long}\n${short}`;
      const lines = Buffer.from(text);
      expectSame(lines, await parse(kernel, lines), await parse(plain, lines));
    }
  });

  it.each(['usual line', 'long line'])(
    'with the end of a strip at every byte of a %s',
    async (what) => {
      const kernel = kernelParser();
      const plain = plainParser();
      const line = usual(what === 'usual line' ? '/u' : `/${'u"'.repeat(50)}`);
      const texts = Array.from(
        line,
        (_, at) => `${'x'.repeat(STRIP - at - 1)}\n${line}\n${line}\n`,
      );
      for (const text of texts) {
        const lines = Buffer.from(text);
        expectSame(lines, await parse(kernel, lines), await parse(plain, lines));
      }
    },
  );
});
