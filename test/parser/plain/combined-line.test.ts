import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REJECTIONS, rejectionIndex } from '../../../src/core/answer.js';
import {
  AGENT,
  type Captures,
  createCaptures,
  HOST,
  REFERER,
  REQUEST,
  SIZE,
  STATUS,
  TIME,
  USER,
} from '../../../src/parser/plain/captures.js';
import { MATCHED, matchCombined } from '../../../src/parser/plain/combined-line.js';
import { type ReferenceCaptures, referenceCaptures } from '../../reference/combined.js';
import { anyLine } from '../lines.js';

const LINES_A_RUN = 250;
const RUNS = 240;

/** Around the line, so that reading past its ends would be seen. */
const BEFORE = '"] "\n';
const AFTER = '\n" "-"';

/** The captures, or the reason. */
function match(line: string): ReferenceCaptures | string {
  const bytes = Buffer.from(BEFORE + line + AFTER, 'latin1');
  const captures = createCaptures();
  const end = BEFORE.length + line.length;
  const code = matchCombined(bytes, BEFORE.length, end, captures);
  if (code !== MATCHED) return REJECTIONS[rejectionIndex(code)];
  return texts(bytes, captures);
}

function texts(bytes: Buffer, captures: Captures): ReferenceCaptures {
  const text = (at: number) => bytes.toString('latin1', captures[at], captures[at + 1]);
  return {
    host: text(HOST),
    user: text(USER),
    time: text(TIME),
    request: text(REQUEST),
    status: text(STATUS),
    size: text(SIZE),
    referer: text(REFERER),
    agent: text(AGENT),
  };
}

describe('matchCombined', () => {
  it('matches what the reference matches, with the same captures', () => {
    const lines = fc.array(anyLine, { minLength: LINES_A_RUN, maxLength: LINES_A_RUN });
    let matching = 0;
    let others = 0;
    fc.assert(
      fc.property(lines, (batch) => {
        for (const line of batch) {
          const expected = referenceCaptures(line);
          const actual = match(line);
          if (expected === undefined) expect(actual, line).toBeTypeOf('string');
          else expect(actual, line).toEqual(expected);
          if (expected === undefined) others += 1;
          else matching += 1;
        }
      }),
      { numRuns: RUNS },
    );
    expect(matching + others).toBeGreaterThanOrEqual(60_000);
    expect(matching).toBeGreaterThan(12_000);
    expect(others).toBeGreaterThan(12_000);
  });

  const REST = '[t] "GET / HTTP/1.1" 200 5 "-" "-"';

  it.each([
    ['', 'blank'],
    [' \t\r\v\f', 'blank'],
    [` h - - ${REST}`, 'no-host'],
    ['h', 'no-host'],
    ['h - ', 'no-host'],
    ['h - -', 'no-host'],
    [`h - ${REST}`, 'no-host'],
    [`h - - x${REST}`, 'no-host'],
    ['h - - [', 'no-agent'],
    [`h - - ${REST} x`, 'no-agent'],
    ['h - - ["', 'no-referer'],
    ['h - - [t] "GET / HTTP/1.1" 200 5 "-""-"', 'no-referer'],
    ['h - - [t] "GET / HTTP/1.1" 200 5 -"', 'no-referer'],
    ['h - - [t] "GET / HTTP/1.1" "-" "-"', 'no-status'],
    ['h - - [t] "GET / HTTP/1.1" 2x0 5 "-" "-"', 'no-status'],
    ['h - - [t] "GET / HTTP/1.1" 200 "-" "-"', 'no-status'],
    ['h - - [t] "GET / HTTP/1.1"200 5 "-" "-"', 'no-status'],
    ['h - - [t] "" 200 5 "-" "-"', 'no-request'],
    ['h - - [] "GET / HTTP/1.1" 200 5 "-" "-"', 'no-request'],
    ['h - - [t]"GET / HTTP/1.1" 200 5 "-" "-"', 'no-request'],
    ['h - - [t GET / HTTP/1.1" 200 5 "-" "-"', 'no-request'],
  ])('rejects %j as %s', (line, reason) => {
    expect(referenceCaptures(line)).toBeUndefined();
    expect(match(line)).toBe(reason);
  });

  it.each([
    ['the shortest', 'h i u [t] "r" 2 s "" ""'],
    ['quotes in the request', 'h - - [t] "GET /"a" 1" 200 5 "-" "-"'],
    ['a second status, which is the referer’s', 'h - - [t] "a" 1 2 "b" 3 4 "c" "d"'],
    ['a second bracket, which is the time’s', 'h - - [t] "a] "b" 1 2 "c" "d"'],
    ['quotes in the size', 'h - - [t] "a" 1 "2" "b" "c"'],
    ['tabs, and white space at the end', 'h\t-\v-\f[t]\r"a"\t1\t2\t"b"\t"c" \t\r'],
    ['NUL and bytes that are not UTF-8', 'h\0 - - [\xff] "\xc3\x28 \0" 1 2 "\x85" "\xa0"'],
  ])('takes %s as the reference does', (_, line) => {
    expect(match(line)).toEqual(referenceCaptures(line));
    expect(match(line)).toHaveProperty('agent');
  });
});
