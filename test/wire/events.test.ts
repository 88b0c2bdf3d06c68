import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventCursor, readEventArray, readSingleEvent } from '../../src/wire/avro/events.js';
import { decodeHeaders } from '../../src/wire/avro/headers.js';
import { MalformedError } from '../../src/wire/malformed.js';
import { event, eventsType, eventType, inBlocks, type PlainEvent } from './reference.js';

const sizes = fc.array(fc.constantFrom(1, 2, 5, 100, -1, -3), { minLength: 1, maxLength: 3 });
const long = avro.Type.forSchema('long');

/** Bodies as they should be given. */
function lines(events: readonly PlainEvent[], trim: boolean): Buffer[] {
  return events.map(({ body }) =>
    trim && body.at(-1) === 0x0a ? body : Buffer.concat([body, Buffer.from('\n')]),
  );
}

describe('events that come', () => {
  it('are those that the library wrote, in blocks of any kind', () => {
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 12 }),
        sizes,
        fc.boolean(),
        fc.boolean(),
        fc.nat({ max: 9 }),
        (events, blocks, trimLineEnd, headers, before) => {
          const array = inBlocks(events, blocks);
          const bytes = Buffer.concat([Buffer.alloc(before, 7), array, Buffer.from('after')]);
          const received = readEventArray(bytes, before, { headers, trimLineEnd });
          expect(received.count).toBe(events.length);
          expect(received.next).toBe(before + array.length);
          expect(bytes.subarray(received.next).toString()).toBe('after');
          expect(bytes.subarray(0, before)).toEqual(Buffer.alloc(before, 7));
          const wanted = lines(events, trimLineEnd);
          expect(pieces(received.bytes, received.ends)).toEqual(wanted);
          expect(received.bytes.length).toBe(Buffer.concat(wanted).length);
          if (!headers) {
            expect(received.events).toBeUndefined();
          } else if (received.events?.kind === 'own') {
            const own = pieces(received.events.headers, received.events.headerEnds);
            const maps = own.map((one) => Object.fromEntries(decodeHeaders(one)));
            expect(maps).toEqual(events.map((one) => one.headers));
            expect(received.events.ends).toEqual(received.ends);
          } else {
            throw new Error('no headers');
          }
        },
      ),
    );
  });

  it('may come alone', () => {
    fc.assert(
      fc.property(event, fc.boolean(), (one, trimLineEnd) => {
        const bytes = eventType.toBuffer(one);
        const received = readSingleEvent(bytes, 0, { trimLineEnd });
        expect(received.count).toBe(1);
        expect(received.next).toBe(bytes.length);
        expect(Buffer.from(received.bytes)).toEqual(lines([one], trimLineEnd)[0]);
      }),
    );
  });

  it('are malformed where they are cut', () => {
    const events = [0, 1, 2, 3].map((n) => ({
      headers: { n: `${n}` },
      body: Buffer.from('x'.repeat(70 * n)),
    }));
    const whole = eventsType.toBuffer(events);
    for (let length = 0; length < whole.length; length++) {
      const cut = Buffer.from(whole.subarray(0, length));
      expect(() => readEventArray(cut, 0, { headers: true })).toThrow(MalformedError);
    }
  });

  it.each([
    ['2^40 events', [...long.toBuffer(2 ** 40), 0, 0]],
    ['2^31 - 1 events', [...long.toBuffer(2 ** 31 - 1), 0, 0]],
    ['one more than can have come', [6, 0, 0, 0, 0, 0]],
    ['2^31 - 1 headers', [2, ...long.toBuffer(2 ** 31 - 1), 0, 0, 0, 0]],
    ['a body of a negative length', [2, 0, 1, 0]],
    ['a body of 2^31 - 1 bytes', [2, 0, ...long.toBuffer(2 ** 31 - 1)]],
  ])('are malformed where they say that there are %s', (_name, bytes) => {
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readEventArray(Uint8Array.from(bytes), 0)).toThrow(MalformedError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it('need memory in proportion to what came, however many they are', () => {
    const count = 500_000;
    const bytes = Buffer.concat([long.toBuffer(count), Buffer.alloc(2 * count), Buffer.of(0)]);
    const before = process.memoryUsage().arrayBuffers;
    const received = readEventArray(bytes, 0, { headers: true });
    expect(received.count).toBe(count);
    expect(received.bytes).toHaveLength(count);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * count);
  });
});

it('goes over events that are encoded', () => {
  fc.assert(
    fc.property(fc.array(event, { maxLength: 6 }), (events) => {
      const bytes = Buffer.concat(events.map((one) => eventType.toBuffer(one)));
      const cursor = new EventCursor({ count: events.length, bytes });
      const seen: PlainEvent[] = [];
      while (cursor.next()) {
        const headers = decodeHeaders(bytes.subarray(cursor.headersStart, cursor.headersEnd));
        seen.push({
          headers: Object.fromEntries(headers),
          body: bytes.subarray(cursor.bodyStart, cursor.bodyEnd),
        });
      }
      expect(seen).toEqual(events);
      expect(cursor.bodyEnd).toBe(bytes.length);
    }),
  );
});

function pieces(bytes: Uint8Array, ends: Uint32Array): Buffer[] {
  return [...ends].map((end, i) => Buffer.from(bytes.subarray(i === 0 ? 0 : ends[i - 1], end)));
}
