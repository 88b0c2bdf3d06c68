import { isUtf8 } from 'node:buffer';

/**
 * Cuts bytes into what is valid UTF-8 (strings, never empty, never two in a row) and each single
 * byte that is not (numbers), in order. Every decoder of the field (Python's `surrogateescape` too)
 * agrees on which bytes those are.
 */
export function* utf8Pieces(bytes: Uint8Array): Generator<string | number> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(whole)) {
    if (whole.length > 0) yield whole.toString();
    return;
  }
  let from = 0;
  let at = 0;
  while (at < whole.length) {
    const length = sequenceLength(whole, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (from < at) yield whole.toString('utf8', from, at);
    yield whole[at];
    at += 1;
    from = at;
  }
  if (from < at) yield whole.toString('utf8', from, at);
}

/** Length of the UTF-8 sequence that begins at `at`, or 0 where none does. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const length = promisedLength(bytes[at]);
  if (length < 2) return length;
  const end = at + length;
  return end <= bytes.length && isUtf8(bytes.subarray(at, end)) ? length : 0;
}

/** What the first byte of a sequence promises; 0 for a byte that begins none. */
function promisedLength(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}
