import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIELDS, type Field } from '../../src/core/config.js';
import type { Parser } from '../../src/core/stages.js';
import { createParser } from '../../src/parser/combined-parser.js';
import { referenceCaptures, referenceField } from '../reference/combined.js';
import { batchOf, batchOfBytes, origin, readAnswer } from './batches.js';
import { anyLine } from './lines.js';

const CAPTURED: Field[] = ['host', 'user', 'time', 'status', 'size', 'referer', 'agent'];
const GOOD = 'h - - [t] "GET /a?b=1?c HTTP/1.1" 200 5 "r" "a"';
const USUAL =
  '192.0.2.7 - - [22/Nov/2026:08:00:00 +0000] "GET /u HTTP/1.1" 200 5 "-" "Example/1.0"';

function parserOf(...by: Field[]): Parser {
  return createParser({ by, maxKeys: 1e6, maxKeyBytes: 1e8 });
}

function parse(parser: Parser, text: string): string[] {
  return readAnswer(parser, parser.parse(batchOf(text)));
}

/** What the reference says of a line; its reason for a rejection is only that it is one. */
function expected(line: string, by: readonly Field[]): string {
  const captures = referenceCaptures(line);
  if (captures === undefined) return 'rejected';
  const fields = by.map((field) => referenceField(captures, field));
  return fields.includes(undefined) ? 'no-field' : fields.join('|');
}

describe('the parser', () => {
  it.each([
    ['what the format captures', CAPTURED],
    ['what the request holds', ['method', 'url', 'path', 'query', 'protocol'] as Field[]],
    ['the URL', ['url'] as Field[]],
  ])('finds %s as the reference does, in any batch', (_, by) => {
    const lines = fc.array(anyLine, { minLength: 120, maxLength: 120 });
    let found = 0;
    let rejected = 0;
    fc.assert(
      fc.property(lines, fc.boolean(), (batch, ended) => {
        const parser = parserOf(...by);
        // A last line that is empty and has no line end is no line.
        const text = batch.join('\n') + (ended || batch.at(-1) === '' ? '\n' : '');
        const actual = parse(parser, text);
        expect(actual.length).toBe(batch.length);
        batch.forEach((line, at) => {
          const wanted = expected(line, by);
          if (wanted === 'rejected') rejected += 1;
          else found += 1;
          if (wanted === 'rejected') expect(actual[at], line).toMatch(/^(blank|no-.*)$/);
          else expect(actual[at], line).toBe(wanted);
        });
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(8_000);
    expect(rejected).toBeGreaterThan(8_000);
  });

  it('says the same however lines are cut into batches', () => {
    const lines = fc.array(anyLine, { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(lines, fc.array(fc.nat(5)), (all, cuts) => {
        const ended = all.map((line) => `${line}\n`);
        const whole = parse(parserOf('url', 'agent'), ended.join(''));
        const parser = parserOf('url', 'agent');
        const pieces: string[] = [];
        for (let at = 0, turn = 0; at < ended.length; turn += 1) {
          const lines = 1 + (cuts[turn] ?? 0);
          pieces.push(...parse(parser, ended.slice(at, at + lines).join('')));
          at += lines;
        }
        expect(pieces).toEqual(whole);
      }),
    );
  });

  it('gives each field, and several in the order asked for', () => {
    const values = FIELDS.map((field) => parse(parserOf(field), GOOD));
    expect(values.flat()).toEqual([
      '/a?b=1?c',
      '/a',
      'b=1?c',
      'GET',
      'HTTP/1.1',
      '200',
      '5',
      'h',
      '-',
      'r',
      'a',
      't',
    ]);
    expect(parse(parserOf('status', 'path', 'status'), GOOD)).toEqual(['200|/a|200']);
    expect(parse(parserOf('query', 'referer'), GOOD.replace('"r"', '""'))).toEqual(['b=1?c|']);
  });

  it('counts an empty field as a value and a missing word as none', () => {
    const line = (request: string) => GOOD.replace('GET /a?b=1?c HTTP/1.1', request);
    expect(parse(parserOf('query'), line('GET /a'))).toEqual(['']);
    expect(parse(parserOf('url'), line('  GET\t\v/a'))).toEqual(['/a']);
    expect(parse(parserOf('url'), line('GET '))).toEqual(['no-field']);
    expect(parse(parserOf('path'), line('GET'))).toEqual(['no-field']);
    expect(parse(parserOf('query'), line('GET'))).toEqual(['no-field']);
    expect(parse(parserOf('method'), line(' \t'))).toEqual(['no-field']);
    expect(parse(parserOf('protocol'), line('GET /a '))).toEqual(['no-field']);
    expect(parse(parserOf('host', 'protocol'), line('GET /a'))).toEqual(['no-field']);
    expect(parse(parserOf('host'), line('GET'))).toEqual(['h']);
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
    ['a form feed in the request', USUAL.replace('/u', '/u\f/v')],
    ['two spaces in the request', USUAL.replace(' /u', '  /u')],
    ['an empty agent', USUAL.replace('Example/1.0', '')],
    ['an empty referer', USUAL.replace('"-"', '""')],
    ['a space before the agent’s end', USUAL.replace('Example/1.0', 'Example ')],
    ['white space after the agent', `${USUAL} \t`],
    ['no size', USUAL.replace(' 5 ', '  ')],
    ['an empty request', USUAL.replace('GET /u HTTP/1.1', '')],
    ['five quotes and one in the host', USUAL.replace('192', '"').replace('"-"', '"-')],
    ['an agent that looks like a status', USUAL.replace('Example/1.0', ' 200 5 ')],
    ['a referer that looks like a status', USUAL.replace('"-"', '" 200 5 "')],
    ['no closing quote', USUAL.slice(0, -1)],
  ])('agrees with the reference on %s', (_, line) => {
    const by: Field[] = [...CAPTURED, 'url'];
    const text = `${USUAL}\n${line}\n${USUAL}\n`;
    const actual = parse(parserOf(...by), text).map((key) =>
      key.replace(/^no-(?!field).*/, 'rejected'),
    );
    expect(actual).toEqual([USUAL, line, USUAL].map((each) => expected(each, by)));
  });

  it('answers an overlong line with its one reason', () => {
    const parser = parserOf('url');
    parse(parser, `${GOOD}\n${GOOD}\n`);
    const overlong = { kind: 'too-long', origin, start: 0, end: 9, lines: 1 } as const;
    const answer = parser.parse(overlong);
    expect(answer.batch).toBe(overlong);
    expect(readAnswer(parser, answer)).toEqual(['too-long']);
  });

  it('takes a blank line for a line, and a last line without its end', () => {
    expect(parse(parserOf('url'), `\n${USUAL}\n\r\n${USUAL}`)).toEqual([
      'blank',
      '/u',
      'blank',
      '/u',
    ]);
  });

  it('does not read on in the next line', () => {
    const short = 'h - - [" "x"';
    const next = `${'x'.repeat(20)}] "GET /u HTTP/1.1 `;
    const text = `${short}\n${next}\n`;
    expect(text.indexOf(']')).toBe(text.indexOf('[') + 1 + '22/Nov/2026:08:00:00 +0000'.length);
    expect(parse(parserOf('url'), text)).toEqual(['no-status', 'no-host']);
  });

  it('counts turns from 1 and answers exactly as many lines as the batch has', () => {
    const parser = parserOf('url');
    const turns = [70, 1, 3, 200].map((count) => {
      const answer = parser.parse(batchOf(`${GOOD}\n`.repeat(count)));
      expect(answer.keys.length).toBe(count);
      return answer.turn;
    });
    expect(turns).toEqual([1, 2, 3, 4]);
  });

  it('reads bytes that lie anywhere in their memory', () => {
    const memory = new Uint8Array(1000).fill(0x22);
    const bytes = memory.subarray(333, 333 + USUAL.length + 1);
    bytes.set(Buffer.from(`${USUAL}\n`));
    const parser = parserOf('url');
    expect(readAnswer(parser, parser.parse(batchOfBytes(bytes)))).toEqual(['/u']);
  });

  it('counts what is over the bounds as other', () => {
    const parser = createParser({ by: ['url'], maxKeys: 1, maxKeyBytes: 100 });
    const other = USUAL.replace('/u', '/v');
    expect(parse(parser, `${USUAL}\n${other}\n${USUAL}\n`)).toEqual(['/u', 'other', '/u']);
  });
});
