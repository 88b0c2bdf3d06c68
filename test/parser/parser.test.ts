import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS, type Field } from '../../src/core/config.js';
import type { Parser } from '../../src/core/stages.js';
import { referenceCaptures, referenceField } from '../reference/combined.js';
import { scratch } from '../support/scratch.js';
import { answersTo, batchOf, origin, outletOf, overlong, parse } from './batches.js';
import { anyLine, USUAL } from './lines.js';
import { PARSERS } from './parsers.js';

const CAPTURED: Field[] = ['host', 'user', 'time', 'status', 'size', 'referer', 'agent'];
const GOOD = 'h - - [t] "GET /a?b=1?c HTTP/1.1" 200 5 "r" "a"';

/** What the reference says of a line; its reason for a rejection is only that it is one. */
function expected(line: string, by: readonly Field[]): string {
  const captures = referenceCaptures(line);
  if (captures === undefined) return 'rejected';
  const fields = by.map((field) => referenceField(captures, field));
  return fields.includes(undefined) ? 'no-field' : fields.join('|');
}

describe.each(PARSERS)('%s', (_, create) => {
  const parserOf = (...by: Field[]): Parser => create({ by });

  it.each([
    ['what the format captures', CAPTURED],
    ['what the request holds', ['method', 'url', 'path', 'query', 'protocol'] as Field[]],
    ['the URL', ['url'] as Field[]],
  ])('finds %s as the reference does, in any batch', async (_, by) => {
    const parser = parserOf(...by);
    const lines = fc.array(anyLine, { minLength: 120, maxLength: 120 });
    let found = 0;
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(lines, fc.boolean(), async (batch, ended) => {
        // A last line that is empty and has no line end is no line.
        const text = batch.join('\n') + (ended || batch.at(-1) === '' ? '\n' : '');
        const actual = await parse(parser, text);
        expect(actual.length).toBe(batch.length);
        batch.forEach((line, at) => {
          const wanted = expected(line, by);
          if (wanted === 'rejected') rejected += 1;
          else found += 1;
          if (wanted === 'rejected') expect(actual[at], line).toMatch(/^(blank|no-.*)$/);
          else expect(actual[at], line).toBe(wanted);
        });
      }),
      { numRuns: 100 },
    );
    expect(found).toBeGreaterThan(2_500);
    expect(rejected).toBeGreaterThan(2_500);
  });

  it('says the same however lines are cut into batches', async () => {
    const parser = parserOf('url', 'agent');
    const lines = fc.array(anyLine, { minLength: 1, maxLength: 40 });
    const property = fc.asyncProperty(lines, fc.array(fc.nat(5)), async (all, cuts) => {
      const ended = all.map((line) => `${line}\n`);
      const whole = await parse(parser, ended.join(''));
      const batches: string[] = [];
      for (let at = 0, turn = 0; at < ended.length; turn += 1) {
        const lines = 1 + (cuts[turn] ?? 0);
        batches.push(ended.slice(at, at + lines).join(''));
        at += lines;
      }
      expect((await answersTo(parser, batches.map(batchOf))).flat()).toEqual(whole);
    });
    await fc.assert(property);
  });

  it('gives each field, and several in the order asked for', async () => {
    const values: string[] = [];
    for (const field of FIELDS) values.push(...(await parse(parserOf(field), GOOD)));
    expect(values.join(' ')).toBe('/a?b=1?c /a b=1?c GET HTTP/1.1 200 5 h - r a t');
    expect(await parse(parserOf('status', 'path', 'host'), GOOD)).toEqual(['200|/a|h']);
    const noReferer = GOOD.replace('"r"', '""');
    expect(await parse(parserOf('query', 'referer'), noReferer)).toEqual(['b=1?c|']);
    expect(await parse(parserOf(...FIELDS), GOOD)).toEqual([expected(GOOD, FIELDS)]);
  });

  it.each<[string, string, ...Field[]]>([
    ['GET /a', '', 'query'],
    ['  GET\t\v/a', '/a', 'url'],
    ['GET ', 'no-field', 'url'],
    ['GET', 'no-field', 'path'],
    ['GET', 'no-field', 'query'],
    [' \t', 'no-field', 'method'],
    ['GET /a ', 'no-field', 'protocol'],
    ['GET /a', 'no-field', 'host', 'protocol'],
    ['GET', 'h', 'host'],
  ])('finds in the request %j: %j', async (request, value, ...by) => {
    const line = GOOD.replace('GET /a?b=1?c HTTP/1.1', request);
    expect(await parse(parserOf(...by), line)).toEqual([value]);
  });

  it.each([
    ['a carriage return before the line end', `${USUAL}\r`],
    ['an escaped quote in the agent', USUAL.replace('Example', 'Ex\\"ample')],
    ['a quote in the time', USUAL.replace('Nov', 'N"v')],
    ['a bracket and a quote in the time', USUAL.replace('22/Nov/', 'a] "Nov')],
    ['an exclamation mark in the URL', USUAL.replace('/u', '/u!v')],
    ['NUL in the host', USUAL.replace('192', '1\x0092')],
    ['NUL in the URL', USUAL.replace('/u', '/\0u')],
    ['invalid UTF-8 in the URL', USUAL.replace('/u', '/\xc3\x28\xff')],
    ['UTF-8 in the URL', USUAL.replace('/u', '/\xc3\xa4\xe2\x82\xac')],
    ['a no-break space in the URL', USUAL.replace('/u', '/\xa0\x85')],
    ['a form feed in the request', USUAL.replace('/u', '/u\f/v')],
    ['two spaces in the request', USUAL.replace(' /u', '  /u')],
    ['an empty agent', USUAL.replace('Example/1.0', '')],
    ['an empty referer', USUAL.replace('"-"', '""')],
    ['a space before the agent’s end', USUAL.replace('Example/1.0', 'Example ')],
    ['white space after the agent', `${USUAL} \t`],
    ['no size', USUAL.replace(' 5 ', '  ')],
    ['a status of two digits', USUAL.replace(' 200 ', ' 20 ')],
    ['a status with what follows 9', USUAL.replace(' 200 ', ' 20: ')],
    ['a status with what precedes 0', USUAL.replace(' 200 ', ' 2/0 ')],
    ['a size of twenty digits', USUAL.replace(' 5 ', ' 12345678901234567890 ')],
    ['an empty request', USUAL.replace('GET /u HTTP/1.1', '')],
    ['five quotes and one in the host', USUAL.replace('192', '"').replace('"-"', '"-')],
    ['an agent that looks like a status', USUAL.replace('Example/1.0', ' 200 5 ')],
    ['a referer that looks like a status', USUAL.replace('"-"', '" 200 5 "')],
    ['no closing quote', USUAL.slice(0, -1)],
  ])('agrees with the reference on %s', async (_, line) => {
    const by: Field[] = [...CAPTURED, 'url'];
    const actual = await parse(parserOf(...by), `${USUAL}\n${line}\n${USUAL}\n`);
    const plain = actual.map((key) => key.replace(/^no-(?!field).*/, 'rejected'));
    expect(plain).toEqual([USUAL, line, USUAL].map((each) => expected(each, by)));
  });

  it.each([
    ['', 'blank'],
    [' \t\r\v\f', 'blank'],
    [` ${GOOD}`, 'no-host'],
    ['h - -', 'no-host'],
    [`${GOOD} x`, 'no-agent'],
    ['h - - ["', 'no-referer'],
    ['h - - [t] "GET / HTTP/1.1" 200 5 "-""-"', 'no-referer'],
    ['h - - [t] "GET / HTTP/1.1" 2x0 5 "-" "-"', 'no-status'],
    ['h - - [t] "GET / HTTP/1.1" 200  "-" "-"', 'no-status'],
    ['h - - [t] "" 200 5 "-" "-"', 'no-request'],
    ['h - - [] "GET / HTTP/1.1" 200 5 "-" "-"', 'no-request'],
    ['h - - [t] "GET" 200 5 "-" "-"', 'no-field'],
    ['x'.repeat(301), 'too-long'],
  ])('rejects %j as %s', async (line, reason) => {
    const parser = create({ maxLine: 300 });
    expect(await parse(parser, `${USUAL}\n${line}\n${USUAL}\n`)).toEqual(['/u', reason, '/u']);
  });

  it.each([
    ['a usual line', USUAL.replace('/u', `/${'u'.repeat(300)}`)],
    ['a line on the complete path', GOOD.replace('/a', `/${'a'.repeat(300)}`)],
    ['a blank line', ' '.repeat(300)],
    ['a line that is nothing', 'x'.repeat(300)],
    ['a line of quotes', '"'.repeat(300)],
  ])('rejects as too long what is longer than the bound: %s', async (_, line) => {
    const [reason] = await parse(create(), line);
    for (const bytes of [line.length - 1, line.length, line.length + 1]) {
      const answer = bytes < line.length ? 'too-long' : reason;
      const parser = create({ maxLine: bytes });
      const text = `${GOOD}\n${line}\n${GOOD}\n`;
      expect(await parse(parser, text)).toEqual(['/a?b=1?c', answer, '/a?b=1?c']);
      expect(await parse(parser, line)).toEqual([answer]);
    }
  });

  it('takes a carriage return for a part of the line, not of its end', async () => {
    const parser = create({ maxLine: USUAL.length });
    expect(await parse(parser, `${USUAL}\n${USUAL}\r\n`)).toEqual(['/u', 'too-long']);
  });

  it('answers an overlong line with its one reason', async () => {
    const parser = create();
    const two = batchOf(`${GOOD}\n${USUAL}\n`);
    const answers = await answersTo(parser, [two, overlong, overlong, two]);
    const lines = ['/a?b=1?c', '/u'];
    expect(answers).toEqual([lines, ['too-long'], ['too-long'], lines]);
  });

  it('takes a blank line for a line, and a last line without its end', async () => {
    const text = `\n${USUAL}\n\r\n${USUAL}`;
    expect(await parse(create(), text)).toEqual(['blank', '/u', 'blank', '/u']);
    expect(await parse(create(), '\n')).toEqual(['blank']);
    expect(await parse(create(), '\n\n')).toEqual(['blank', 'blank']);
    expect(await parse(create(), ' ')).toEqual(['blank']);
  });

  it('does not read on in the next line', async () => {
    const short = 'h - - [" "x"';
    const next = `${'x'.repeat(20)}] "GET /u HTTP/1.1 `;
    const text = `${short}\n${next}\n`;
    expect(text.indexOf(']')).toBe(text.indexOf('[') + 1 + '22/Nov/2026:08:00:00 +0000'.length);
    expect(await parse(create(), text)).toEqual(['no-status', 'no-host']);
  });

  it('answers with the batch itself, and exactly as many numbers as it has lines', async () => {
    const parser = create();
    const batches = [70, 1, 3, 2000].map((count) => batchOf(`${GOOD}\n`.repeat(count)));
    const seen: unknown[] = [];
    for await (const { batch, lines, keys } of parser.answers(outletOf(batches))) {
      expect(keys()).toEqual(new Uint32Array(lines).fill(0));
      seen.push([batch, lines]);
      parser.keys.added();
    }
    expect(seen).toEqual(batches.map((batch, at) => [batch, [70, 1, 3, 2000][at]]));
  });

  it('reads what was read into its buffers, and what lies anywhere', async () => {
    const parser = create();
    const buffer = parser.buffers.tryAcquire() ?? Buffer.alloc(0);
    for (const memory of [buffer, new Uint8Array(1000).fill(0x22)]) {
      const bytes = memory.subarray(333, 333 + USUAL.length + 1);
      bytes.set(Buffer.from(`${USUAL}\n`));
      expect(await parse(parser, bytes)).toEqual(['/u']);
    }
  });

  describe('given a range of a file', () => {
    const directory = scratch();
    const line = `${USUAL}\n`;

    /** The answer to `[start, end)` of a file with `text` in it, and why it failed. */
    async function parseRange(text: string, start: number, end: number) {
      const path = join(directory(), 'log');
      writeFileSync(path, text);
      const descriptor = openSync(path, 'r');
      const errors: Error[] = [];
      const failed = (error: Error) => void errors.push(error);
      const range = { kind: 'range', origin, start, end, descriptor, failed } as const;
      const [answer] = await answersTo(create(), [range]);
      closeSync(descriptor);
      return { answer, errors: errors.map(({ message }) => message) };
    }

    it('reads it', async () => {
      const text = `${USUAL}\nno line\n${USUAL}\n`;
      const result = await parseRange(text, line.length, text.length);
      expect(result).toEqual({ answer: ['no-host', '/u'], errors: [] });
    });

    it('says so where the file ends before, and answers what there is', async () => {
      const result = await parseRange(line.repeat(3), line.length, 9 * line.length);
      const errors = ['the file became shorter while it was read'];
      expect(result).toEqual({ answer: ['/u', '/u'], errors });
    });

    it('says so where it cannot be read, and takes nothing for it that it read before', async () => {
      const path = join(directory(), 'log');
      writeFileSync(path, line.repeat(3));
      const descriptors = [openSync(path, 'r'), openSync(directory(), 'r')];
      const errors: Error[] = [];
      const ranges = descriptors.map((descriptor) => {
        const failed = (error: Error) => void errors.push(error);
        return {
          kind: 'range',
          origin,
          start: 0,
          end: 3 * line.length,
          descriptor,
          failed,
        } as const;
      });
      expect(await answersTo(create(), ranges)).toEqual([['/u', '/u', '/u'], []]);
      expect(errors).toMatchObject([{ code: 'EISDIR' }]);
      expect(errors[0].message).toMatch(/^EISDIR: .*, read$/);
      for (const descriptor of descriptors) closeSync(descriptor);
    });
  });

  it('counts what is over the bounds as other', async () => {
    const lines = ['/a', '/b', '/long', '/a', '/b', '/c', '/'].map((url) =>
      USUAL.replace('/u', url),
    );
    const text = lines.join('\n');
    expect(await parse(create({ maxKeys: 1 }), text)).toEqual(
      '/a other other /a other other other'.split(' '),
    );
    expect(await parse(create({ maxKeyBytes: 5 }), text)).toEqual(
      '/a /b other /a /b other /'.split(' '),
    );
    expect(await parse(create({ maxKeyBytes: 0 }), text)).toEqual(lines.map(() => 'other'));
  });

  it('gives a key that comes again its number, and that of a key that left to another', async () => {
    const parser = create({ maxKeys: 2 });
    const { keys } = parser;
    const text = '/a /b /c'
      .split(' ')
      .map((url) => USUAL.replace('/u', url))
      .join('\n');
    await parse(parser, text);
    keys.entered(0);
    keys.entered(1);
    keys.left(0);
    expect(await parse(parser, text)).toEqual(['/a', '/b', 'other']);
    keys.left(0);
    expect(await parse(parser, USUAL.replace('/u', '/c'))).toEqual(['/c']);
    expect(keys.limit).toBe(2);
    expect(Buffer.from(keys.bytesOf(0)).toString()).toBe('/c');
  });

  it('passes on that no more batches can be had, after those that were', async () => {
    const parser = create();
    let count = 0;
    const take = () => {
      count += 1;
      return count > 2 ? Promise.reject(new Error('broken')) : Promise.resolve(batchOf(USUAL));
    };
    let answers = 0;
    const run = async () => {
      for await (const _ of parser.answers({ take })) {
        answers += 1;
        parser.keys.added();
      }
    };
    await expect(run()).rejects.toThrow('broken');
    expect(answers).toBe(2);
  });
});
