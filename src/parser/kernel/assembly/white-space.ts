/** The white space of a log line: space, `\t`, `\n`, `\v`, `\f`, `\r`; no other byte. */

export const SPACE: u32 = 0x20;

// @ts-ignore: decorator
@inline
export function isSpace(byte: u32): bool {
  return byte == SPACE || byte - 0x09 <= 0x0d - 0x09;
}

/** The first place from `from` that is white space, or `to`. */
export function wordEnd(from: usize, to: usize): usize {
  let at = from;
  while (at < to && !isSpace(load<u8>(at))) at++;
  return at;
}

/** The first place from `from` that is not white space, or `to`. */
export function spaceEnd(from: usize, to: usize): usize {
  let at = from;
  while (at < to && isSpace(load<u8>(at))) at++;
  return at;
}

/** The last place down to `from` that follows a byte other than white space, or `from`. */
export function spaceStart(from: usize, to: usize): usize {
  let at = to;
  while (at > from && isSpace(load<u8>(at - 1))) at--;
  return at;
}

/**
 * Of the 16 bytes at `at`, which are at most a space: one bit a byte. All white space is among them,
 * and control characters, which are none.
 */
// @ts-ignore: decorator
@inline
export function lowMask16(at: usize): u32 {
  return <u32>i8x16.bitmask(i8x16.le_u(v128.load(at), i8x16.splat(<i8>SPACE)));
}

/** The same of 32 bytes. */
// @ts-ignore: decorator
@inline
export function lowMask32(at: usize): u32 {
  return lowMask16(at) | (lowMask16(at + 16) << 16);
}

/** The same of 64 bytes. */
// @ts-ignore: decorator
@inline
export function lowMask64(at: usize): u64 {
  return <u64>lowMask32(at) | (<u64>lowMask32(at + 32) << 32);
}
