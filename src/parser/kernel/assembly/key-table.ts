/** The table of keys: bytes to number and back, bounded in keys and in bytes. See core/keys.ts. */
import { OTHER } from './answers';
import {
  addEntry,
  clearArena,
  closeUp,
  entryOf,
  HEADER,
  hashOfEntry,
  hasRoom,
  keyBytes,
  keyOf,
  lengthOf,
  removeEntry,
} from './key-arena';
import { clearIndex, findEntry, indexAll, indexEntry, unindexEntry } from './key-index';
import { arenaAt, freeAt, maxKeyBytes, maxKeys } from './memory';

/** All numbers given out so far are below this. */
let limit: u32 = 0;
let freeCount: u32 = 0;

export function keyLimit(): u32 {
  return limit;
}

/** Forgets all keys; numbers begin at 0 again. */
export function clearKeys(): void {
  limit = 0;
  freeCount = 0;
  clearArena();
  clearIndex();
}

/** The number of the key at `at`, a new one if it has none and there is room; else `OTHER`. */
// @ts-ignore: decorator
@inline
export function intern(at: usize, length: u32, hash: u32): u32 {
  const entry = findEntry(hash, at, length);
  return entry != 0 ? keyOf(entry) : enter(at, length, hash);
}

/** Whether so many keys more, of so many bytes together, find room. */
export function roomFor(keys: u32, bytes: u32): bool {
  return keys <= maxKeys - (limit - freeCount) && bytes <= maxKeyBytes - keyBytes;
}

function enter(at: usize, length: u32, hash: u32): u32 {
  if (!roomFor(1, length)) return OTHER;
  if (!hasRoom(length)) {
    closeUp();
    indexAll();
  }
  const key = takeNumber();
  indexEntry(hash, addEntry(key, at, length, hash));
  return key;
}

/** Forgets a key; its number is free. */
export function removeKey(key: u32): void {
  const entry = entryOf(key);
  unindexEntry(hashOfEntry(entry), entry);
  removeEntry(entry);
  store<u32>(freeAt + (<usize>freeCount << 2), key);
  freeCount++;
}

/** The address of a key's bytes, until the next key is added. */
export function keyStart(key: u32): usize {
  return arenaAt + entryOf(key) + HEADER;
}

export function keyLength(key: u32): u32 {
  return lengthOf(entryOf(key));
}

function takeNumber(): u32 {
  if (freeCount == 0) return limit++;
  freeCount--;
  return load<u32>(freeAt + (<usize>freeCount << 2));
}
