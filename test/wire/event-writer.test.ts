import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Events, LineBatch } from '../../src/core/batch.js';
import { EventWriter } from '../../src/wire/avro/events.js';
import { encodeHeaders } from '../../src/wire/avro/headers.js';
import { event, eventType, type PlainEvent } from './reference.js';

const origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

const line = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '\r', '\0'), maxLength: 6 }),
  fc.nat({ max: 300 }).map((length) => 'b'.repeat(length)),
);
/** The library loses a header of that name. */
const name = fc.string().filter((text) => text !== '__proto__');
const limits = fc.record({ most: fc.integer({ min: 1, max: 9 }), mostBytes: fc.nat({ max: 900 }) });

function batchOf(bytes: Buffer, events?: Events): LineBatch {
  const batch = { kind: 'lines', origin, start: 0, end: bytes.length, bytes } as const;
  return events === undefined ? batch : { ...batch, events };
}

/** Writes a batch in as many rounds as it takes; what each took, as the library reads it. */
function rounds(
  batch: LineBatch,
  { most, mostBytes }: { most: number; mostBytes: number },
): PlainEvent[][] {
  const writer = new EventWriter();
  const all: PlainEvent[][] = [];
  let from = 0;
  let event = 0;
  while (from < batch.bytes.length) {
    const { next, count } = writer.append(batch, from, event, most, mostBytes);
    expect(count).toBeGreaterThan(0);
    from = next;
    event += count;
    const encoded = writer.take();
    expect(encoded.count).toBe(count);
    expect(encoded.bytes.buffer.byteLength).toBe(encoded.bytes.length);
    if (count > 1) expect(encoded.bytes.length).toBeLessThanOrEqual(mostBytes);
    expect(count).toBeLessThanOrEqual(most);
    all.push(decoded(encoded.bytes, count));
  }
  return all;
}

function decoded(bytes: Uint8Array, count: number): PlainEvent[] {
  const events: PlainEvent[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const { value, offset } = eventType.decode(Buffer.from(bytes), at);
    events.push({ headers: { ...value.headers }, body: value.body });
    at = offset;
  }
  expect(at).toBe(bytes.length);
  return events;
}

it('writes lines so that the library reads them, with and without headers', () => {
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.dictionary(name, fc.string({ maxLength: 70 }), { noNullPrototype: true }),
      limits,
      (lines, ended, headers, limit) => {
        const text = lines.join('\n') + (ended || lines.at(-1) === '' ? '\n' : '');
        const encoded = encodeHeaders(new Map(Object.entries(headers)));
        const batch = batchOf(Buffer.from(text), { kind: 'same', headers: encoded });
        const wanted = lines.map((body) => ({ headers, body: Buffer.from(body) }));
        expect(rounds(batch, limit).flat()).toEqual(wanted);
        const bare = wanted.map((one) => ({ ...one, headers: {} }));
        expect(rounds(batchOf(Buffer.from(text)), limit).flat()).toEqual(bare);
      },
    ),
  );
});

it('writes events that have headers of their own, whatever is in their bodies', () => {
  fc.assert(
    fc.property(fc.array(event, { minLength: 1, maxLength: 9 }), limits, (events, limit) => {
      const headers = events.map((one) => encodeHeaders(new Map(Object.entries(one.headers))));
      const batch = batchOf(
        Buffer.concat(events.flatMap(({ body }) => [body, Buffer.from('\n')])),
        {
          kind: 'own',
          ends: placesAfter(events.map(({ body }) => body.length + 1)),
          headers: Buffer.concat(headers),
          headerEnds: placesAfter(headers.map(({ length }) => length)),
        },
      );
      expect(rounds(batch, limit).flat()).toEqual(events);
    }),
  );
});

it('gathers lines of several batches', () => {
  const writer = new EventWriter();
  const first = batchOf(Buffer.from('a\nb\n'));
  const second = batchOf(Buffer.from('c\nd'));
  expect(writer.append(first, 2, 1, 10, 1000)).toEqual({ next: 4, count: 1 });
  expect(writer.append(second, 0, 0, 10, 1000)).toEqual({ next: 3, count: 2 });
  expect([writer.count, writer.length]).toEqual([3, 9]);
  const { count, bytes } = writer.take();
  expect(decoded(bytes, count).map(({ body }) => body.toString())).toEqual(['b', 'c', 'd']);
  expect(writer.take().count).toBe(0);
});

it('takes nothing more where the bytes would be too many, but always the first event', () => {
  const writer = new EventWriter();
  const batch = batchOf(Buffer.from(`${'x'.repeat(500)}\ny\n`));
  expect(writer.append(batch, 0, 0, 10, 100)).toEqual({ next: 501, count: 1 });
  expect(writer.append(batch, 501, 1, 10, 100)).toEqual({ next: 501, count: 0 });
});

function placesAfter(lengths: readonly number[]): Uint32Array {
  let at = 0;
  return Uint32Array.from(lengths, (length) => {
    at += length;
    return at;
  });
}
