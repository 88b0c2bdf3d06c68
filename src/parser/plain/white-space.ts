/** The white space of a log line: exactly space, `\t`, `\n`, `\v`, `\f`, `\r`; no other byte. */

export const SPACE = 0x20;
const FIRST_CONTROL = 0x09;
const LAST_CONTROL = 0x0d;

export function isSpace(byte: number): boolean {
  return byte <= SPACE && (byte === SPACE || (byte >= FIRST_CONTROL && byte <= LAST_CONTROL));
}

/** The first place from `from` that is white space, or `to`. */
export function wordEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && !isSpace(bytes[at])) at += 1;
  return at;
}

/** The first place from `from` that is not white space, or `to`. */
export function spaceEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(bytes[at])) at += 1;
  return at;
}

/** The last place down to `from` that follows a byte other than white space, or `from`. */
export function spaceStart(bytes: Uint8Array, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(bytes[at - 1])) at -= 1;
  return at;
}
