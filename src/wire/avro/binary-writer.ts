/** Avro's binary encoding, written by hand. */

/** How many bytes a length or count takes; it is not negative and below 2^31. */
export function lengthBytes(length: number): number {
  if (length < 0x40) return 1;
  if (length < 0x2000) return 2;
  if (length < 0x10_0000) return 3;
  return length < 0x800_0000 ? 4 : 5;
}

/** Writes a length or count, and gives the place after it. */
export function writeLength(bytes: Uint8Array, at: number, length: number): number {
  let rest = length < 0x4000_0000 ? length << 1 : length * 2;
  let place = at;
  for (; rest >= 0x80; rest = rest >>> 7) bytes[place++] = (rest & 0x7f) | 0x80;
  bytes[place++] = rest;
  return place;
}

/** A length or count by itself. */
export function encodeLength(length: number): Uint8Array {
  const bytes = new Uint8Array(lengthBytes(length));
  writeLength(bytes, 0, length);
  return bytes;
}

/** A string, or bytes: their length before them. */
export function encodeBlob(content: string | Uint8Array): Uint8Array {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const encoded = new Uint8Array(lengthBytes(bytes.length) + bytes.length);
  encoded.set(bytes, writeLength(encoded, 0, bytes.length));
  return encoded;
}

/** One after the other, in memory of their own. */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = Buffer.allocUnsafeSlow(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
