/** What a connection that does not begin like Avro may be instead. */

export const OPENING_BYTES = 16;

const HTTP = /^(?:GET|HEAD|POST|PUT|DELETE|CONNECT|OPTIONS|TRACE|PATCH|PRI) |^HTTP\//;
const SSH = /^SSH-/;

/**
 * The record of a handshake (0x16) of SSL 3 or later, with a client hello (1) within. Its length may
 * pass for a small number, so it is looked for before anything else is.
 */
export function looksLikeTls(opening: readonly number[] | undefined): boolean {
  return opening?.[0] === 0x16 && opening[1] === 3 && opening[2] <= 4 && opening[5] === 1;
}

/** What the first bytes of a connection look like, or undefined where that is not known. */
export function describeOpening(opening: readonly number[] | undefined): string | undefined {
  if (opening === undefined) return undefined;
  if (looksLikeTls(opening)) return 'this looks like TLS, which is not switched on here';
  const text = String.fromCharCode(...opening);
  if (HTTP.test(text)) return 'this looks like HTTP, not like Avro';
  if (SSH.test(text)) return 'this looks like SSH, not like Avro';
  if (looksLikeZlib(opening)) return 'this looks compressed, which is not switched on here';
  return undefined;
}

/** The two bytes that begin a zlib stream: deflate with a window of 32 KiB, and their check. */
function looksLikeZlib(opening: readonly number[]): boolean {
  return opening[0] === 0x78 && (opening[0] * 256 + opening[1]) % 31 === 0;
}
