/** How the events of a call are cut, against a plain reference. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EventPart, eventParts } from '../../src/source/events/event-parts.js';
import { readEventArray } from '../../src/wire/avro/events.js';
import { decodeHeaders } from '../../src/wire/avro/headers.js';
import { encodeAppendBatch } from '../../src/wire/avro/values.js';
import { encodeEvents, type TestEvent } from './avro-rig.js';

const MAX_LINE = 20;
const READ_BYTES = 64;

function partsOf(events: readonly TestEvent[], areWhole: boolean): EventPart[] {
  const call = Buffer.concat(encodeAppendBatch(encodeEvents(events)));
  const received = readEventArray(call, 0, { headers: true, trimLineEnd: !areWhole });
  return [...eventParts(received, { maxLine: MAX_LINE, readBytes: READ_BYTES, areWhole })];
}

/** Each line, or each body, with the header `n` of its event. */
function contents(parts: readonly EventPart[], areWhole: boolean): string[] {
  return parts.flatMap((part) => {
    if (part.kind === 'too-long') return [`too long: ${part.length}`];
    const { events } = part;
    const bytes = Buffer.from(part.bytes);
    if (events === undefined) throw new Error('no headers');
    const ends = events.kind === 'own' ? [...events.ends] : [bytes.length];
    expect(ends.at(-1)).toBe(bytes.length);
    return ends.flatMap((end, index) => {
      const body = bytes.toString('latin1', ends[index - 1] ?? 0, end - 1);
      const name = decodeHeaders(headersOf(events, index)).get('n');
      const texts = areWhole ? [body] : body.split('\n');
      return texts.map((text) => `${name}: ${text}`);
    });
  });
}

function headersOf(events: NonNullable<(EventPart & { kind: 'lines' })['events']>, index: number) {
  if (events.kind === 'same') return events.headers;
  return events.headers.subarray(events.headerEnds[index - 1] ?? 0, events.headerEnds[index]);
}

/** One that has to stay whole may be longer than what is read at once. */
function isOneEvent({ events }: Extract<EventPart, { kind: 'lines' }>): boolean {
  return events?.kind === 'own' && events.ends.length === 1;
}

function expected(events: readonly TestEvent[], areWhole: boolean): string[] {
  return events.flatMap(({ body, headers }) => {
    const texts = areWhole ? [body] : body.replace(/\n$/, '').split('\n');
    return texts.map((text) =>
      text.length > MAX_LINE && !areWhole
        ? `too long: ${text.length + 1}`
        : `${headers?.n}: ${text}`,
    );
  });
}

const lengths = fc.oneof(fc.nat(3), fc.nat(30), fc.constantFrom(19, 20, 21, 63, 64, 65));
const line = lengths.map((length) => 'x'.repeat(length));
const body = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 8 }), fc.boolean())
  .map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
const calls = fc
  .array(body, { maxLength: 12 })
  .map((all) => all.map((text, index): TestEvent => ({ body: text, headers: { n: `${index}` } })));

describe.each([
  ['lines are counted', false],
  ['events stay whole', true],
])('where %s', (_, areWhole) => {
  it('nothing is lost, reordered or given other headers, and no part is too large', () => {
    fc.assert(
      fc.property(calls, (events) => {
        const parts = partsOf(events, areWhole);
        expect(contents(parts, areWhole)).toEqual(expected(events, areWhole));
        for (const part of parts) {
          if (part.kind === 'lines') expect(part.bytes.length).toBeGreaterThan(0);
          if (part.kind !== 'lines' || isOneEvent(part)) continue;
          expect(part.bytes.length).toBeLessThanOrEqual(READ_BYTES);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('what fits is one part', () => {
    const events = ['a', 'b', ''].map((text) => ({ body: text, headers: { n: '0' } }));
    expect(partsOf(events, areWhole)).toHaveLength(1);
  });
});

it('a line that is longer than a read is a part of its own', () => {
  const call = Buffer.concat(encodeAppendBatch(encodeEvents([{ body: 'x'.repeat(90) }])));
  const received = readEventArray(call, 0, {});
  const parts = [...eventParts(received, { maxLine: 90, readBytes: 64, areWhole: false })];
  expect(parts).toMatchObject([{ kind: 'lines', bytes: { length: 91 } }]);
});
