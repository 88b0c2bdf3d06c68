/** What the kernel and TypeScript both have to know stands in both; here it is held to be the same. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OTHER, REJECTIONS, rejectionCode } from '../../../src/core/answer.js';
import { LINE_END } from '../../../src/core/batch.js';
import { FIELDS } from '../../../src/core/config.js';
import { FIELD_SEPARATOR } from '../../../src/core/keys.js';
import { entryBytes, SEED_BYTES } from '../../../src/parser/kernel/layout.js';
import * as captures from '../../../src/parser/plain/captures.js';

const KERNEL = new URL('../../../src/parser/kernel/', import.meta.url);

/** The numbers that a source names in upper case. They may be products, shifts and other names. */
function constantsOf(file: string): Record<string, number> {
  const source = readFileSync(new URL(file, KERNEL), 'utf8');
  const values: Record<string, number> = {};
  for (const [, name, text] of source.matchAll(
    /^(?:export )?const ([A-Z0-9_]+)[^=]*= ([^;]+);/gm,
  )) {
    const terms = text.replaceAll('_', '').split(/ (?:<<|\*|\+) /);
    const operators = [...text.matchAll(/<<|\*|\+/g)].map(String);
    const numbers = terms.map((term) => values[term] ?? values[text] ?? Number(term));
    values[name] = numbers.reduce((left, right, at) => {
      if (operators[at - 1] === '<<') return left * 2 ** right;
      return operators[at - 1] === '*' ? left * right : left + right;
    });
  }
  return values;
}

const assembly = (file: string) => constantsOf(`assembly/${file}.ts`);
const layout = constantsOf('layout.ts');

describe('the kernel and TypeScript agree on', () => {
  it('what an answer says', () => {
    const { MATCHED, ...codes } = assembly('answers');
    const reasons = REJECTIONS.map((reason) => {
      return [reason.toUpperCase().replace('-', '_'), rejectionCode(reason)];
    });
    expect(codes).toEqual({ OTHER, ...Object.fromEntries(reasons) });
    expect(MATCHED).toBe(0);
  });

  it('the numbers of the fields', () => {
    const fields = assembly('fields');
    const named = FIELDS.slice(0, -1).map((field) => {
      const name = field.toUpperCase();
      return fields[`${name}_FIELD`] ?? fields[name];
    });
    expect(named).toEqual(named.map((_, at) => at));
    // What has no number of its own is the last.
    expect(FIELDS.at(-1)).toBe('time');
    expect(fields.SEPARATOR).toBe(FIELD_SEPARATOR);
  });

  it('the places of the captures', () => {
    const { createCaptures: _, ...slots } = captures;
    const bytes = Object.entries(slots).map(([name, slot]) => [name, 4 * slot]);
    expect(assembly('captures')).toEqual(Object.fromEntries(bytes));
    expect(4 * captures.createCaptures().length).toBeLessThanOrEqual(layout.CAPTURE_BYTES);
  });

  it('the sizes that the layout reckons with', () => {
    const { STRIP, RECORD, MARK } = assembly('parse');
    const { HEADER, LEAST_GONE, FIRST } = assembly('key-arena');
    const { PLACE, LEAST_PLACES } = assembly('key-index');
    const theirs = { STRIP, RECORD, PLACE, LEAST_PLACES, LEAST_GONE, ENTRY_HEADER: HEADER };
    expect(layout).toMatchObject(theirs);
    expect([0, 1, 4, 5].map(entryBytes)).toEqual([12, 16, 16, 20].map((n) => n - 12 + HEADER));
    expect(layout.LEAST_GONE).toBeGreaterThan(2 * FIRST);
    expect(MARK).toBe(4);
  });

  it('what the vectors read and write beyond', () => {
    const { BLOCK, WRITTEN } = assembly('marks');
    expect(BLOCK).toBeLessThanOrEqual(layout.SLACK);
    expect(4 * WRITTEN).toBeLessThanOrEqual(layout.SLACK);
  });

  it('the form of a tally', () => {
    const { OTHERS, REJECTED, PAIRS } = assembly('tally');
    const tally = constantsOf('tally.ts');
    expect([0, OTHERS, REJECTED, PAIRS]).toEqual(
      [tally.DISTINCT, tally.OTHER_LINES, tally.REJECTED, tally.PAIRS].map((word) => 4 * word),
    );
    expect(PAIRS).toBe(layout.TALLY_HEAD);
    expect(REJECTED + 4 * REJECTIONS.length).toBeLessThanOrEqual(PAIRS);
  });

  it('the random bytes', () => {
    const { LONGEST, SHIFT_SEED, SIP_SEED } = assembly('hash');
    expect(SHIFT_SEED).toBeGreaterThanOrEqual(LONGEST);
    expect(SIP_SEED).toBeGreaterThanOrEqual(SHIFT_SEED + 3 * 8);
    expect(SIP_SEED + 2 * 8).toBeLessThanOrEqual(SEED_BYTES);
  });

  it('the line end', () => {
    const ends = ['parse', 'marks'].map((file) => assembly(file).LINE_END);
    expect(ends).toEqual([LINE_END, LINE_END]);
  });
});
