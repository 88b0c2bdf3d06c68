/** What the host can call. It gives addresses in the module's memory, and says first what lies where. */
import { hashOf } from './hash';
import { entryBytes, HEADER } from './key-arena';
import { intern } from './key-table';

export { hashOf } from './hash';
export { usedBytes } from './key-arena';
export { clearKeys, keyLength, keyLimit, keyStart, removeKey, roomFor } from './key-table';
export { setBounds, setLineRegions, setTableRegions } from './memory';
export { parse } from './parse';

/** The number of the key at `at`, a new one if it has none and there is room; else `OTHER`. */
export function enroll(at: usize, length: u32): u32 {
  return intern(at, length, hashOf(at, length));
}

/**
 * Enters keys from entries in the form of the arena, `[from, to)`, as another module with the same
 * seed wrote them. Their numbers here go to `answers`, 4 bytes each, in their order.
 */
export function adopt(from: usize, to: usize, answers: usize): void {
  for (let entry = from; entry < to; ) {
    const length = load<u32>(entry, 4);
    store<u32>(answers, intern(entry + HEADER, length, load<u32>(entry, 8)));
    answers += 4;
    entry += entryBytes(length);
  }
}
