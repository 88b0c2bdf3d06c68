/**
 * The table of keys: bytes to number and back. It has one owner, the parser, which enters keys; the
 * window says when a key comes into the window and when it leaves.
 *
 * A number must not change its meaning while an answer that holds it is out. Hence the rule: keys
 * get their numbers when an answer is given, one answer is out at a time, and a number whose key left
 * the window meanwhile is free only once that answer was added. If the answer brings the key back,
 * it keeps its number.
 */
import { LINE_END } from './batch.js';

export interface KeyTable {
  /** All numbers given out so far are below this; it never falls. For arrays indexed by key. */
  readonly limit: number;
  /**
   * The bytes of a key. The view holds until the table changes; copy what must last. The key must
   * have a number that is in use.
   */
  bytesOf(key: number): Uint8Array;
  /**
   * The number of a key that an earlier run counted, a new one if it has none; `OTHER` where there is
   * no room. Only before the first answer is asked for.
   */
  enroll(bytes: Uint8Array): number;
  /** The window's count of this key rose from 0. */
  entered(key: number): void;
  /**
   * The window has no count of this key: it fell to 0, or the key was named but counted in
   * `(other)` for want of cells. The number is free once the rule above allows it. May be said again
   * of a number that already waits.
   */
  left(key: number): void;
  /** The answer that is out is in the window. */
  added(): void;
}

/** Stands between the fields of a key of several fields: the one byte that no line holds. */
export const FIELD_SEPARATOR = LINE_END;

/** Takes a key apart into the bytes of its fields (views of `key`). */
export function splitKey(key: Uint8Array): Uint8Array[] {
  const fields: Uint8Array[] = [];
  let start = 0;
  for (;;) {
    const end = key.indexOf(FIELD_SEPARATOR, start);
    if (end < 0) {
      fields.push(key.subarray(start));
      return fields;
    }
    fields.push(key.subarray(start, end));
    start = end + 1;
  }
}
