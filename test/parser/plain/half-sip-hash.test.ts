import { describe, expect, it } from 'vitest';
import { halfSipHash, randomSeed } from '../../../src/parser/plain/half-sip-hash.js';

const MASK = 0xffff_ffffn;
const rotate = (word: bigint, by: bigint) => ((word << by) | (word >> (32n - by))) & MASK;

/** As the paper describes it, with one compression round and three at the end. */
function reference(seed: readonly [number, number], message: Uint8Array): number {
  const [k0, k1] = seed.map((word) => BigInt(word) & MASK);
  const v = [k0, k1, 0x6c796765n ^ k0, 0x74656462n ^ k1];
  const add = (to: number, from: number) => {
    v[to] = (v[to] + v[from]) & MASK;
  };
  const turn = (word: number, by: bigint, mix: number) => {
    v[word] = rotate(v[word], by) ^ v[mix];
  };
  const round = () => {
    add(0, 1);
    turn(1, 5n, 0);
    v[0] = rotate(v[0], 16n);
    add(2, 3);
    turn(3, 8n, 2);
    add(0, 3);
    turn(3, 7n, 0);
    add(2, 1);
    turn(1, 13n, 2);
    v[2] = rotate(v[2], 16n);
  };
  const padded = new Uint8Array((message.length & ~3) + 4);
  padded.set(message);
  padded[padded.length - 1] = message.length;
  const words = new DataView(padded.buffer);
  for (let at = 0; at < padded.length; at += 4) {
    const word = BigInt(words.getUint32(at, true));
    v[3] ^= word;
    round();
    v[0] ^= word;
  }
  v[2] ^= 0xffn;
  for (let left = 3; left > 0; left -= 1) round();
  return Number(BigInt.asIntN(32, v[1] ^ v[3]));
}

describe('halfSipHash', () => {
  const counting = Uint8Array.from({ length: 600 }, (_, at) => at);

  it('is the function of the paper, for every length and wherever the bytes lie', () => {
    for (const seed of [[0x03020100, 0x07060504], [-5, 0x7fffffff], randomSeed()] as const) {
      for (let length = 0; length < 300; length += 1) {
        const message = counting.subarray(length, 2 * length);
        const actual = halfSipHash(seed[0], seed[1], counting, length, 2 * length);
        expect(actual, `seed ${seed}, length ${length}`).toBe(reference(seed, message));
      }
    }
  });

  it('gives the first published values', () => {
    const hash = (length: number) => halfSipHash(0x03020100, 0x07060504, counting, 0, length) >>> 0;
    expect([0, 1, 2, 3].map(hash)).toEqual([0x5814c896, 0xe7e864ca, 0xbc4b0e30, 0x01539939]);
  });
});
