import avro from 'avsc';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeHeaders, encodeHeaders, findHeader } from '../../src/wire/avro/headers.js';
import { MalformedError } from '../../src/wire/malformed.js';

const mapType = avro.Type.forSchema({ type: 'map', values: 'string' });
const text = fc.string({ unit: 'grapheme', maxLength: 70 });
const headers = fc.uniqueArray(fc.tuple(text, text), { selector: ([name]) => name, maxLength: 5 });

it('are read and written as by the library', () => {
  fc.assert(
    fc.property(headers, (entries) => {
      const map = new Map(entries);
      const plain = Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
      expect(decodeHeaders(encodeHeaders(map))).toEqual(map);
      expect({
        ...mapType.fromBuffer(Buffer.from(encodeHeaders(new Map(Object.entries(plain))))),
      }).toEqual(plain);
      expect(decodeHeaders(mapType.toBuffer(plain))).toEqual(new Map(Object.entries(plain)));
    }),
  );
});

it('are found by name, without looking beyond their end', () => {
  fc.assert(
    fc.property(headers, text, fc.nat({ max: 5 }), (entries, other, before) => {
      const map = new Map(entries);
      const encoded = encodeHeaders(map);
      const bytes = Buffer.concat([Buffer.alloc(before, 9), encoded, Buffer.alloc(5, 2)]);
      for (const name of [...map.keys(), other]) {
        const extent = new Int32Array(2);
        const end = before + encoded.length;
        const found = findHeader(bytes, before, end, Buffer.from(name), extent);
        const value = found ? bytes.toString('utf8', extent[0], extent[1]) : undefined;
        expect(value).toBe(map.get(name));
      }
    }),
  );
});

it('are found in several blocks, of which one says its size', () => {
  const block = (name: string, value: string): number[] => [
    ...mapType.toBuffer({ [name]: value }).subarray(1, -1),
  ];
  const sized = block('c', 'three');
  const bytes = Uint8Array.of(2, ...block('a', 'one'), 1, 2 * sized.length, ...sized, 0);
  expect(decodeHeaders(bytes)).toEqual(
    new Map([
      ['a', 'one'],
      ['c', 'three'],
    ]),
  );
  const extent = new Int32Array(2);
  expect(findHeader(bytes, 0, bytes.length, Buffer.from('c'), extent)).toBe(true);
  expect(Buffer.from(bytes.subarray(extent[0], extent[1])).toString()).toBe('three');
});

it('of one name are the last, whichever way they are read', () => {
  const one = fc.constantFrom('a', 'b', 'c');
  fc.assert(
    fc.property(fc.array(fc.tuple(one, text), { maxLength: 6 }), (entries) => {
      const blocks = entries.map(([name, value]) =>
        encodeHeaders(new Map([[name, value]])).subarray(0, -1),
      );
      const bytes = Buffer.concat([...blocks, Buffer.of(0)]);
      const map = new Map<string, string>(entries);
      expect(decodeHeaders(bytes)).toEqual(map);
      for (const name of ['a', 'b', 'c']) {
        const extent = new Int32Array(2);
        const found = findHeader(bytes, 0, bytes.length, Buffer.from(name), extent);
        const value = found ? bytes.toString('utf8', extent[0], extent[1]) : undefined;
        expect(value).toBe(map.get(name));
      }
    }),
  );
});

it('that are not headers are malformed, and end a search', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const extent = new Int32Array(2);
      if (findHeader(bytes, 0, bytes.length, Uint8Array.of(0x61), extent)) {
        expect(extent[0]).toBeLessThanOrEqual(extent[1]);
        expect(extent[1]).toBeLessThanOrEqual(bytes.length);
      }
      try {
        decodeHeaders(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(MalformedError);
      }
    }),
    { numRuns: 5000 },
  );
});
