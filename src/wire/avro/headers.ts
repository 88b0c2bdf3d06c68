/** The headers of an event: a map of strings, as Avro writes it. */
import { BinaryReader } from './binary-reader.js';
import { encodeBlob, encodeLength, joined } from './binary-writer.js';

export type Headers = ReadonlyMap<string, string>;

/** A map without entries. */
export const NO_HEADERS: Uint8Array = Uint8Array.of(0);

/** The map in one block and the 0 that ends it; an empty one is that 0 alone. */
export function encodeHeaders(headers: Headers): Uint8Array {
  if (headers.size === 0) return NO_HEADERS.slice();
  const parts = [encodeLength(headers.size)];
  for (const [name, value] of headers) parts.push(encodeBlob(name), encodeBlob(value));
  parts.push(NO_HEADERS);
  return joined(parts);
}

/**
 * In the order in which they came; of two with one name the last. Throws `MalformedError`, also where
 * more follows than the map.
 */
export function decodeHeaders(bytes: Uint8Array): Map<string, string> {
  const reader = new BinaryReader(bytes);
  const headers = new Map<string, string>();
  for (let count = reader.block(2); count > 0; count = reader.block(2)) {
    for (let i = 0; i < count; i++) {
      const name = reader.string();
      headers.set(name, reader.string());
    }
  }
  reader.finish();
  return headers;
}

/**
 * Looks for a header in those that lie in `bytes` from `start` to `end`, which were read or written
 * here: others may be read wrong, though never beyond `end`. Gives whether it is there; then `extent`
 * has the place of its value, from and to. Of two with one name the last. Allocates nothing.
 */
export function findHeader(
  bytes: Uint8Array,
  start: number,
  end: number,
  name: Uint8Array,
  extent: Int32Array,
): boolean {
  let at = start;
  let isFound = false;
  while (at < end) {
    let count = longAt(bytes, at, end);
    at = afterLong(bytes, at, end);
    if (count === 0) return isFound;
    if (count < 0) {
      count = -count;
      at = afterLong(bytes, at, end);
    }
    for (; count > 0 && at < end; count--) {
      const length = longAt(bytes, at, end);
      const from = afterLong(bytes, at, end);
      at = from + length;
      if (length < 0 || at >= end) return isFound;
      const valueLength = longAt(bytes, at, end);
      const valueFrom = afterLong(bytes, at, end);
      at = valueFrom + valueLength;
      if (valueLength < 0 || at > end) return isFound;
      if (length === name.length && isAt(bytes, from, name)) {
        extent[0] = valueFrom;
        extent[1] = at;
        isFound = true;
      }
    }
  }
  return isFound;
}

/**
 * The place of the 0 that ends the headers which lie in `bytes` from `start` to `end`; these are as for
 * {@link findHeader}. More blocks may be put in its place.
 */
export function endOfHeaders(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const block = at;
    let count = longAt(bytes, at, end);
    at = afterLong(bytes, at, end);
    if (count === 0) return block;
    if (count < 0) {
      count = -count;
      at = afterLong(bytes, at, end);
    }
    for (let strings = 2 * count; strings > 0 && at < end; strings--) {
      at = afterLong(bytes, at, end) + Math.max(0, longAt(bytes, at, end));
    }
  }
  return end;
}

function isAt(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return true;
}

/** The number at a place, of which 32 bits count. */
function longAt(bytes: Uint8Array, at: number, end: number): number {
  let bits = 0;
  let shift = 0;
  for (let place = at; place < end; place++, shift += 7) {
    if (shift < 32) bits |= (bytes[place] & 0x7f) << shift;
    if (bytes[place] < 0x80) break;
  }
  return (bits >>> 1) ^ -(bits & 1);
}

function afterLong(bytes: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end && bytes[place] >= 0x80) place += 1;
  return place + 1;
}
