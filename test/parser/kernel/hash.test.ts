import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SEED_BYTES } from '../../../src/parser/kernel/layout.js';
import { Random } from '../../../src/traffic/random.js';
import { multiplyShift, nh, sipHash } from '../../reference/hashes.js';
import { createKernel } from '../parsers.js';

/** The longest key that NH takes. */
const LONGEST = 256;

function randomBytes(length: number, seed: number): Buffer {
  const random = new Random(seed);
  return Buffer.from(Array.from({ length }, () => random.below(256)));
}

/** The hash that a kernel with this seed has. */
function hashWith(seed: Uint8Array): (bytes: Uint8Array) => number {
  const kernel = createKernel(seed);
  return (bytes) => kernel.hashOf(bytes);
}

function expected(seed: Buffer, message: Uint8Array): number {
  const word = (at: number) => seed.readBigUInt64LE(at);
  const value =
    message.length <= LONGEST ? nh(seed, message) : sipHash(1, 3, [word(280), word(288)], message);
  return multiplyShift([word(256), word(264), word(272)], value);
}

describe('the reference', () => {
  it('gives the published value of SipHash-2-4', () => {
    const counting = Uint8Array.from({ length: 16 }, (_, at) => at);
    const [k0, k1] = new BigUint64Array(counting.buffer);
    expect(sipHash(2, 4, [k0, k1], counting.subarray(0, 15))).toBe(0xa129ca6149be45e5n);
  });
});

describe('the hash of a key', () => {
  const bytes = randomBytes(700, 1);

  it('is NH, or SipHash-1-3 of what is longer, then multiply-shift: for every length', () => {
    for (const seed of [randomBytes(SEED_BYTES, 2), Buffer.alloc(SEED_BYTES, 0xff)]) {
      const hash = hashWith(seed);
      for (let length = 0; length <= 600; length += 1) {
        const message = bytes.subarray(length % 64, (length % 64) + length);
        expect(hash(message), `length ${length}`).toBe(expected(seed, message));
      }
    }
  });

  it('is so of any bytes and any seed', () => {
    const seeds = fc.uint8Array({ minLength: SEED_BYTES, maxLength: SEED_BYTES });
    const messages = fc.array(fc.uint8Array({ maxLength: 1000, size: 'max' }));
    const property = fc.property(seeds, messages, (seed, all) => {
      const hash = hashWith(seed);
      for (const message of all) expect(hash(message)).toBe(expected(Buffer.from(seed), message));
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('is another one with another seed', () => {
    const message = Buffer.from('/index.html');
    const hashes = Array.from({ length: 50 }, (_, at) =>
      hashWith(randomBytes(SEED_BYTES, at))(message),
    );
    expect(new Set(hashes).size).toBe(50);
  });

  it('changes with any byte, whatever the length', () => {
    const hash = hashWith(randomBytes(SEED_BYTES, 3));
    let pairs = 0;
    let same = 0;
    for (let length = 1; length <= 600; length += 1) {
      const message = Buffer.from(bytes.subarray(0, length));
      const before = hash(message);
      for (let at = length % 5; at < length; at += 5) {
        message[at] ^= 1 << (at % 8);
        pairs += 1;
        if (hash(message) === before) same += 1;
        message[at] ^= 1 << (at % 8);
      }
    }
    expect(pairs).toBeGreaterThan(30_000);
    expect(same).toBe(0);
  });

  it('changes with zeros at the end', () => {
    const hash = hashWith(randomBytes(SEED_BYTES, 4));
    for (const text of ['', 'a', '/index.html', 'x'.repeat(31), 'x'.repeat(32), 'x'.repeat(250)]) {
      const hashes = Array.from({ length: 40 }, (_, zeros) =>
        hash(Buffer.from(text + '\0'.repeat(zeros))),
      );
      expect(new Set(hashes).size).toBe(40);
    }
  });

  /** Chi-square of so many places has this mean and a deviation of the root of twice that. */
  it.each([
    [10, (n: number) => `/page/${n}`],
    [16, (n: number) => `/page/${n}`],
    [16, (n: number) => `/${'long/'.repeat(60)}${n}`],
    [12, (n: number) => String.fromCharCode(n & 0xff, n >> 8)],
  ])('spreads similar keys evenly over 2^%i places', (bits, nameOf) => {
    const keys = Array.from({ length: 50_000 }, (_, n) => Buffer.from(nameOf(n), 'latin1'));
    const places = 2 ** bits;
    for (const seed of [5, 6, 7]) {
      const hash = hashWith(randomBytes(SEED_BYTES, seed));
      const counts = new Uint32Array(places);
      for (const key of keys) counts[hash(key) & (places - 1)] += 1;
      const mean = keys.length / places;
      const chi = counts.reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
      // More even than chance is as well: multiply-shift does that with numbers in a row.
      expect(chi).toBeLessThan(places + 6 * Math.sqrt(2 * places));
      expect(Math.max(...counts)).toBeLessThan(mean + 8 * Math.sqrt(mean) + 8);
    }
  });
});
