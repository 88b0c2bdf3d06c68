import avro from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BinaryReader } from '../../src/wire/avro/binary-reader.js';
import { encodeBlob, encodeLength, lengthBytes } from '../../src/wire/avro/binary-writer.js';
import { MalformedError } from '../../src/wire/malformed.js';

const long = avro.Type.forSchema('long');
const string = avro.Type.forSchema('string');

describe('numbers', () => {
  it('are read as the library writes them', () => {
    fc.assert(
      fc.property(fc.integer(), (number) => {
        const reader = new BinaryReader(long.toBuffer(number));
        expect(reader.long()).toBe(number);
        reader.finish();
      }),
    );
  });

  it('are written as the library writes them', () => {
    fc.assert(
      fc.property(fc.nat(), (number) => {
        expect([...encodeLength(number)]).toEqual([...long.toBuffer(number)]);
        expect(lengthBytes(number)).toBe(long.toBuffer(number).length);
      }),
    );
    for (const power of [6, 7, 13, 14, 20, 21, 27, 28, 30]) {
      for (const number of [2 ** power - 1, 2 ** power]) {
        expect([...encodeLength(number)]).toEqual([...long.toBuffer(number)]);
        expect(lengthBytes(number)).toBe(long.toBuffer(number).length);
      }
    }
  });

  it('may be written longer than need be', () => {
    expect(new BinaryReader(Uint8Array.of(0x82, 0x80, 0x80, 0x80, 0x80, 0x80, 0)).long()).toBe(1);
  });

  it.each([
    ['end within', [0x80]],
    ['are not there', []],
    ['go beyond 32 bits', [...long.toBuffer(2 ** 31)]],
    ['go beyond 32 bits below zero', [...long.toBuffer(-(2 ** 31) - 1)]],
    ['are as large as a long can be', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]],
    ['have eleven bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0]],
  ])('that %s are malformed', (_name, bytes) => {
    expect(() => new BinaryReader(Uint8Array.from(bytes)).long()).toThrow(MalformedError);
  });
});

describe('strings', () => {
  it('are read and written as by the library', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 70 }), (text) => {
        expect([...encodeBlob(text)]).toEqual([...string.toBuffer(text)]);
        const sent = Buffer.from(text).toString();
        expect(new BinaryReader(string.toBuffer(text)).string()).toBe(sent);
      }),
    );
  });

  it.each([
    ['longer than what came', [4, 0x61]],
    ['of a negative length', [1, 0x61]],
    ['of 2^31 - 1 bytes', [...long.toBuffer(2 ** 31 - 1)]],
  ])('%s are malformed', (_name, bytes) => {
    expect(() => new BinaryReader(Uint8Array.from(bytes)).string()).toThrow(MalformedError);
  });
});

describe('a block', () => {
  it('whose size is given too has the count without its sign', () => {
    expect(new BinaryReader(Uint8Array.of(3, 4, 0, 0)).block(1)).toBe(2);
  });

  it.each([
    ['counts more than can have come', [...long.toBuffer(3), 0, 0, 0, 0, 0]],
    ['says that it is longer than what came', [1, 4, 0]],
    ['has the least count there is', [...long.toBuffer(-(2 ** 31)), 0, 0]],
  ])('that %s is malformed', (_name, bytes) => {
    expect(() => new BinaryReader(Uint8Array.from(bytes)).block(2)).toThrow(MalformedError);
  });
});
