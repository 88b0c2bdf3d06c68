/**
 * The hash of a key's bytes, seeded, so that nobody can choose URLs that all fall on one place.
 *
 * Short keys, which are nearly all: NH of UMAC (RFC 4418, section 5.2), which takes 16 bytes at a
 * time, then multiply-shift of Dietzfelbinger. For two different keys, both have the same hash for
 * at most about one in 2^31 of the seeds; that is proven, for whoever does not know the seed. NH
 * needs as many bytes of seed as the key has, so longer keys get SipHash-1-3 (Aumasson and
 * Bernstein), which is slower and has no limit.
 */
import { seedAt } from './memory';

/** The longest key that NH takes, in bytes. */
const LONGEST: u32 = 256;
/** Where the seeds of the steps lie, in the random bytes: NH first. */
const SHIFT_SEED: usize = 256;
const SIP_SEED: usize = 280;

export function hashOf(at: usize, length: u32): u32 {
  const value = length <= LONGEST ? nh(at, length) : sipHash(at, length);
  const seed = seedAt + SHIFT_SEED;
  const low = load<u64>(seed) + (value >> 32);
  const high = load<u64>(seed, 8) + (value & 0xffff_ffff);
  return <u32>((low * high + load<u64>(seed, 16)) >> 32);
}

/**
 * Sums of products of two words of 32 bits, each with its word of the seed added. The last 32 bytes
 * and less are two vectors with zeros behind the end, however many there are: a branch that is
 * guessed wrong costs more.
 */
// @ts-ignore: decorator
@inline
function nh(at: usize, length: u32): u64 {
  let sum = i64x2.splat(0);
  let seed = seedAt;
  let left = <i32>length;
  for (; left > 32; left -= 32) {
    sum = i64x2.add(sum, products(v128.load(at), seed));
    sum = i64x2.add(sum, products(v128.load(at, 16), seed + 16));
    at += 32;
    seed += 32;
  }
  sum = i64x2.add(sum, products(v128.and(v128.load(at), firstBytes(left)), seed));
  sum = i64x2.add(sum, products(v128.and(v128.load(at, 16), firstBytes(left - 16)), seed + 16));
  return i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1) + length;
}

/** All ones in the first bytes, as many as `count` says (less than 0 is none). */
// @ts-ignore: decorator
@inline
function firstBytes(count: i32): v128 {
  const places = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  return i8x16.lt_s(places, i8x16.splat(<i8>count));
}

// @ts-ignore: decorator
@inline
function products(words: v128, seed: usize): v128 {
  const sums = i32x4.add(words, v128.load(seed));
  return i64x2.extmul_low_i32x4_u(sums, i32x4.shuffle(sums, sums, 2, 3, 2, 3));
}

function sipHash(at: usize, length: u32): u64 {
  const seed0 = load<u64>(seedAt + SIP_SEED);
  const seed1 = load<u64>(seedAt + SIP_SEED, 8);
  let v0 = seed0 ^ 0x736f_6d65_7073_6575;
  let v1 = seed1 ^ 0x646f_7261_6e64_6f6d;
  let v2 = seed0 ^ 0x6c79_6765_6e65_7261;
  let v3 = seed1 ^ 0x7465_6462_7974_6573;
  const end = at + (length & ~7);
  const bitsLeft = (length & 7) << 3;
  const lastWord = (load<u64>(end) & ((<u64>1 << bitsLeft) - 1)) | (<u64>length << 56);
  // A word a round, then the last one, then three rounds without a word.
  let rounds = (length >> 3) + 4;
  while (rounds > 0) {
    const isWord = rounds > 3;
    const word = at < end ? load<u64>(at) : isWord ? lastWord : 0;
    at += 8;
    v3 ^= word;
    v0 += v1;
    v1 = rotl(v1, 13) ^ v0;
    v0 = rotl(v0, 32);
    v2 += v3;
    v3 = rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = rotl(v1, 17) ^ v2;
    v2 = rotl(v2, 32);
    v0 ^= word;
    rounds--;
    if (rounds == 3) v2 ^= 0xff;
  }
  return v0 ^ v1 ^ v2 ^ v3;
}
