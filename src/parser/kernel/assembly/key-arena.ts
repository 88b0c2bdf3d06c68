/**
 * The bytes of the keys, one entry after the other: the key's number, the length, the hash, then the
 * bytes, filled up to a multiple of four. Entries never move but when gone ones make up more than
 * half: then the rest closes up.
 */
import { arenaAt, arenaBytes, startsAt } from './memory';

export const HEADER: usize = 12;
/** In place of a key's number: the entry is gone. */
const GONE: u32 = 0xffff_ffff;
/** Less than this is not worth closing up for. */
const LEAST_GONE: usize = 1 << 20;
/** No entry lies at 0, which the index takes for an empty place. */
const FIRST: usize = 16;

/** The end of the last entry, as an offset in the arena. */
let used: usize = FIRST;
let gone: usize = 0;
/** The bytes of the keys that are held, without what they take beside. */
export let keyBytes: u32 = 0;

export function usedBytes(): usize {
  return used;
}

export function clearArena(): void {
  used = FIRST;
  gone = 0;
  keyBytes = 0;
}

// @ts-ignore: decorator
@inline
export function entryBytes(length: usize): usize {
  return HEADER + ((length + 3) & ~3);
}

// @ts-ignore: decorator
@inline
export function keyOf(entry: usize): u32 {
  return load<u32>(arenaAt + entry);
}

// @ts-ignore: decorator
@inline
export function lengthOf(entry: usize): u32 {
  return load<u32>(arenaAt + entry, 4);
}

// @ts-ignore: decorator
@inline
export function hashOfEntry(entry: usize): u32 {
  return load<u32>(arenaAt + entry, 8);
}

/** The entry of a key that is held. */
// @ts-ignore: decorator
@inline
export function entryOf(key: u32): usize {
  return <usize>load<u32>(startsAt + (<usize>key << 2));
}

// @ts-ignore: decorator
@inline
export function nextEntry(entry: usize): usize {
  return entry + entryBytes(lengthOf(entry));
}

/** Whether the bytes of `entry` are those at `at`. Vectors read beyond both. */
// @ts-ignore: decorator
@inline
export function holdsKey(entry: usize, at: usize, length: u32): bool {
  if (lengthOf(entry) != length) return false;
  let own = arenaAt + entry + HEADER;
  let left = <i32>length;
  for (; left > 32; left -= 32) {
    if (sameMask(own, at) != 0xffff_ffff) return false;
    own += 32;
    at += 32;
  }
  // The first difference, or the end, whichever comes first.
  return ctz(<u64>~sameMask(own, at) | (<u64>1 << left)) == left;
}

/** Which of 32 bytes are the same: one bit a byte. */
// @ts-ignore: decorator
@inline
function sameMask(one: usize, other: usize): u32 {
  const first = i8x16.bitmask(i8x16.eq(v128.load(one), v128.load(other)));
  const second = i8x16.bitmask(i8x16.eq(v128.load(one, 16), v128.load(other, 16)));
  return <u32>first | (<u32>second << 16);
}

/** Whether an entry for a key of this length can be added; if not, `closeUp` makes room. */
export function hasRoom(length: u32): bool {
  const needed = entryBytes(length);
  if (used + needed > arenaBytes) return false;
  return gone < LEAST_GONE || gone * 2 < used;
}

/** Adds a key, for which there must be room, and gives its entry. */
export function addEntry(key: u32, at: usize, length: u32, hash: u32): usize {
  const entry = used;
  const to = arenaAt + entry;
  store<u32>(to, key);
  store<u32>(to, length, 4);
  store<u32>(to, hash, 8);
  memory.copy(to + HEADER, at, length);
  store<u32>(startsAt + (<usize>key << 2), <u32>entry);
  used += entryBytes(length);
  keyBytes += length;
  return entry;
}

export function removeEntry(entry: usize): void {
  const length = lengthOf(entry);
  store<u32>(arenaAt + entry, GONE);
  gone += entryBytes(length);
  keyBytes -= length;
}

/** Closes the gaps. Entries move; who knows of them by their place has to look again. */
export function closeUp(): void {
  let to = FIRST;
  let from = FIRST;
  while (from < used) {
    const next = nextEntry(from);
    const key = keyOf(from);
    if (key != GONE) {
      if (to != from) memory.copy(arenaAt + to, arenaAt + from, next - from);
      store<u32>(startsAt + (<usize>key << 2), <u32>to);
      to += next - from;
    }
    from = next;
  }
  used = to;
  gone = 0;
}

/** The first entry; while it is less than `usedBytes`, `nextEntry` gives the next. */
export function firstEntry(): usize {
  return FIRST;
}
