/**
 * Finds the quotes and the line ends, 64 bytes at a time: the only step that looks at every byte.
 *
 * A vector of 16 bytes is compared with 16 quotes at once, which gives 16 bytes of all ones or all
 * zeros, and `bitmask` makes 16 bits of them. Four vectors make a number of 64 bits, a bit for each
 * byte; its lowest set bit is found by counting the zeros below it, and removed by `m & (m - 1)`.
 */

const QUOTE: i8 = 0x22;
const LINE_END: i8 = 0x0a;

/** The size of a block. */
const BLOCK: usize = 64;
/** Positions written for each block, whether there are as many or not: usually there are fewer. */
const WRITTEN: usize = 4;

// @ts-ignore: decorator
@inline
function markMask(at: usize): u32 {
  const bytes = v128.load(at);
  const quotes = i8x16.eq(bytes, i8x16.splat(QUOTE));
  const ends = i8x16.eq(bytes, i8x16.splat(LINE_END));
  return <u32>i8x16.bitmask(v128.or(quotes, ends));
}

// @ts-ignore: decorator
@inline
function blockMask(at: usize): u64 {
  return (
    <u64>markMask(at) |
    (<u64>markMask(at + 16) << 16) |
    (<u64>markMask(at + 32) << 32) |
    (<u64>markMask(at + 48) << 48)
  );
}

/**
 * Writes the address of each quote and each line end in `[from, to)` at `out`, 4 bytes each, and
 * gives the end of what it wrote. Writes up to 16 bytes beyond it.
 */
export function findMarks(from: usize, to: usize, out: usize): usize {
  let at = from;
  for (; at + BLOCK <= to; at += BLOCK) out = writeMarks(blockMask(at), at, out);
  if (at < to) out = writeMarks(blockMask(at) & ((<u64>1 << (to - at)) - 1), at, out);
  return out;
}

/** The first few without asking whether there are any: a branch that is guessed wrong costs more. */
// @ts-ignore: decorator
@inline
function writeMarks(mask: u64, at: usize, out: usize): usize {
  const end = out + (<usize>popcnt(mask) << 2);
  let left = mask;
  for (let i: usize = 0; i < WRITTEN; i++) {
    store<u32>(out + (i << 2), <u32>(at + <usize>ctz(left)));
    left &= left - 1;
  }
  for (let to = out + (WRITTEN << 2); left != 0; to += 4) {
    store<u32>(to, <u32>(at + <usize>ctz(left)));
    left &= left - 1;
  }
  return end;
}
