/** Headers of events as parts of keys, against a plain reference. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Batch, type Events, LINE_END, type LineBatch } from '../../src/core/batch.js';
import { headerName, type KeyField } from '../../src/core/config.js';
import { createParser } from '../../src/parser/create-parser.js';
import { PlainParser } from '../../src/parser/plain/plain-parser.js';
import { encodeHeaders } from '../../src/wire/avro/headers.js';
import { referenceCaptures, referenceField } from '../reference/combined.js';
import { RecordedLog } from '../support/recorded-log.js';
import { answersTo, batchOf } from './batches.js';
import { anyLine, USUAL } from './lines.js';
import { DEFAULTS } from './parsers.js';

interface Event {
  readonly headers: ReadonlyMap<string, string>;
  /** Latin-1. */
  readonly body: string;
}

const parserOf = (...by: KeyField[]): PlainParser => new PlainParser({ ...DEFAULTS, by });

function batchOfEvents(events: readonly Event[]): LineBatch {
  const ends: number[] = [];
  const headerEnds: number[] = [];
  const headers: Uint8Array[] = [];
  let end = 0;
  let headersEnd = 0;
  for (const event of events) {
    const encoded = encodeHeaders(event.headers);
    headers.push(encoded);
    end += event.body.length + 1;
    headersEnd += encoded.length;
    ends.push(end);
    headerEnds.push(headersEnd);
  }
  return {
    ...batchOf(events.map(({ body }) => `${body}\n`).join('')),
    events: {
      kind: 'own',
      ends: Uint32Array.from(ends),
      headers: Buffer.concat(headers),
      headerEnds: Uint32Array.from(headerEnds),
    },
  };
}

const sameHeaders = (headers: Record<string, string>): Events => ({
  kind: 'same',
  headers: encodeHeaders(new Map(Object.entries(headers))),
});

const answerTo = async (batch: Batch, ...by: KeyField[]): Promise<string[]> =>
  (await answersTo(parserOf(...by), [batch]))[0];

/** What the reference says of the lines of an event. */
function expected({ headers, body }: Event, by: readonly KeyField[]): string[] {
  return body.split('\n').map((line) => {
    const captures = referenceCaptures(line);
    if (captures === undefined) return 'rejected';
    const fields = by.map((field) => {
      const header = headerName(field);
      if (header !== undefined) return headers.get(header);
      return referenceField(captures, field as Parameters<typeof referenceField>[1]);
    });
    return fields.includes(undefined) ? 'no-field' : fields.join('|');
  });
}

const headers = fc
  .dictionary(
    fc.constantFrom('file', 'host', 'File', 'a.b', 'header', ''),
    fc.constantFrom('', 'x', '/var/log/a.log', 'y'.repeat(70)),
  )
  .map((entries) => new Map(Object.entries(entries)));
const body = fc.array(anyLine, { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n'));
const events = fc.array(fc.record({ headers, body }), { minLength: 1, maxLength: 8 });

describe('a key of headers', () => {
  it.each<[string, ...KeyField[]]>([
    ['one header', 'header.file'],
    ['a header and fields', 'header.a.b', 'url', 'status'],
    ['a field and headers', 'host', 'header.File', 'header.file'],
  ])('of %s is what the reference says', async (_, ...by) => {
    const parser = parserOf(...by);
    let found = 0;
    const property = fc.asyncProperty(fc.array(events, { maxLength: 3 }), async (batches) => {
      const actual = await answersTo(parser, batches.map(batchOfEvents));
      const wanted = batches.map((batch) => batch.flatMap((event) => expected(event, by)));
      const plain = actual.map((batch) =>
        batch.map((key) => key.replace(/^(blank|too-long|no-(?!field).*)$/, 'rejected')),
      );
      expect(plain).toEqual(wanted);
      found += wanted.flat().filter((key) => !/^(rejected|no-field)$/.test(key)).length;
    });
    await fc.assert(property, { numRuns: 300 });
    expect(found).toBeGreaterThan(30);
  });

  it('is the same for all lines where all events have the same headers', async () => {
    const batch = { ...batchOf(`${USUAL}\nno line\n${USUAL}\n`), events: sameHeaders({ a: 'A' }) };
    expect(await answerTo(batch, 'header.a', 'url')).toEqual(['A|/u', 'no-host', 'A|/u']);
  });

  it('is none for lines that came without events, or without the header', async () => {
    expect(await answerTo(batchOf(`${USUAL}\n`), 'header.a')).toEqual(['no-field']);
    const batch = { ...batchOf(`${USUAL}\n`), events: sameHeaders({}) };
    expect(await answerTo(batch, 'header.a')).toEqual(['no-field']);
  });

  it('is not taken from the batch before', async () => {
    const first = { ...batchOf(`${USUAL}\n`), events: sameHeaders({ a: 'A' }) };
    const own = batchOfEvents([{ headers: new Map([['a', 'B']]), body: USUAL }]);
    const batches = [first, batchOf(`${USUAL}\n`), own, batchOf(`${USUAL}\n`)];
    const answers = await answersTo(parserOf('header.a'), batches);
    expect(answers.flat()).toEqual(['A', 'no-field', 'B', 'no-field']);
  });

  it('is none where the value holds a line end, which would look like two fields', async () => {
    const batch = { ...batchOf(`${USUAL}\n`), events: sameHeaders({ a: 'A\nB' }) };
    expect(LINE_END).toBe('\n'.charCodeAt(0));
    expect(await answerTo(batch, 'header.a')).toEqual(['no-field']);
  });

  it('is none where the value is longer than a line may be', async () => {
    const parser = new PlainParser({ ...DEFAULTS, maxLine: 100, by: ['header.a'] });
    const ofLength = (length: number): LineBatch => ({
      ...batchOf(`${USUAL}\n`),
      events: sameHeaders({ a: 'x'.repeat(length) }),
    });
    const answers = await answersTo(parser, [ofLength(100), ofLength(101)]);
    expect(answers.flat()).toEqual(['x'.repeat(100), 'no-field']);
  });

  it('is of UTF-8, as it came', async () => {
    const batch = { ...batchOf(`${USUAL}\n`), events: sameHeaders({ grüße: 'ä' }) };
    expect(await answerTo(batch, 'header.grüße')).toEqual(['\xc3\xa4']);
  });

  it('is made by the plain parser, whatever kernel is asked for', () => {
    const options = { ...DEFAULTS, kernel: 'simd', threads: 1 } as const;
    const log = new RecordedLog();
    const parser = createParser({ ...options, by: ['header.a'] }, log);
    expect(parser).toBeInstanceOf(PlainParser);
    parser.close();
  });
});
