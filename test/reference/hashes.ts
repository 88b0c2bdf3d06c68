/** Hashes as their papers describe them, over BigInt. */

const MASK = 0xffff_ffff_ffff_ffffn;
const rotate = (word: bigint, by: bigint) => ((word << by) | (word >> (64n - by))) & MASK;

/** SipHash-c-d (Aumasson and Bernstein), 64 bits. */
export function sipHash(
  c: number,
  d: number,
  [k0, k1]: readonly [bigint, bigint],
  message: Uint8Array,
): bigint {
  const v = [
    k0 ^ 0x736f6d6570736575n,
    k1 ^ 0x646f72616e646f6dn,
    k0 ^ 0x6c7967656e657261n,
    k1 ^ 0x7465646279746573n,
  ];
  const mix = (a: number, b: number, by: bigint) => {
    v[a] = (v[a] + v[b]) & MASK;
    v[b] = rotate(v[b], by) ^ v[a];
  };
  const rounds = (count: number) => {
    for (let left = count; left > 0; left -= 1) {
      mix(0, 1, 13n);
      v[0] = rotate(v[0], 32n);
      mix(2, 3, 16n);
      mix(0, 3, 21n);
      mix(2, 1, 17n);
      v[2] = rotate(v[2], 32n);
    }
  };
  const padded = new Uint8Array((message.length & ~7) + 8);
  padded.set(message);
  padded[padded.length - 1] = message.length;
  for (const word of new BigUint64Array(padded.buffer)) {
    v[3] ^= word;
    rounds(c);
    v[0] ^= word;
  }
  v[2] ^= 0xffn;
  rounds(d);
  return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/**
 * NH of UMAC (RFC 4418), 64 bits: words of 32 bits, each with a word of the key added, multiplied
 * with the one two further on. The message is filled up to a multiple of 32 bytes, and at least to
 * that; its length is added.
 */
export function nh(key: Uint8Array, message: Uint8Array): bigint {
  const padded = new Uint8Array(Math.max(32, Math.ceil(message.length / 32) * 32));
  padded.set(message);
  const words = new Uint32Array(padded.buffer);
  const keys = new DataView(key.buffer, key.byteOffset);
  const sum = (at: number) => BigInt((words[at] + keys.getUint32(4 * at, true)) >>> 0);
  let total = BigInt(message.length);
  for (let at = 0; at < words.length; at += 4) {
    total += sum(at) * sum(at + 2) + sum(at + 1) * sum(at + 3);
  }
  return total & MASK;
}

/** Multiply-shift (Dietzfelbinger) of the two halves of a number of 64 bits, to one of 32. */
export function multiplyShift([a, b, c]: readonly [bigint, bigint, bigint], value: bigint): number {
  const product = (a + (value >> 32n)) * (b + (value & 0xffff_ffffn)) + c;
  return Number((product & MASK) >> 32n);
}
