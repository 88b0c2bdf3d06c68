/**
 * From a key's bytes to its entry in the arena: open addressing with linear probing, at most half
 * full. A place is the hash and the entry, 0 where it is empty. What is removed leaves no mark: the
 * places behind it move up, so a table in which keys come and go for ever stays as fast as a new one.
 *
 * When it gets full it doubles, into the other one of two regions.
 */
import { firstEntry, hashOfEntry, holdsKey, nextEntry, usedBytes } from './key-arena';
import { indexAt, indexBytes } from './memory';

const LEAST_PLACES: u32 = 1024;
const PLACE: usize = 8;

let placesAt: usize = 0;
let mask: u32 = 0;
let count: u32 = 0;

export function clearIndex(): void {
  if (placesAt == 0) placesAt = indexAt;
  mask = LEAST_PLACES - 1;
  empty();
}

function empty(): void {
  count = 0;
  memory.fill(placesAt, 0, (<usize>mask + 1) * PLACE);
}

// @ts-ignore: decorator
@inline
function placeAt(place: u32): usize {
  return placesAt + <usize>place * PLACE;
}

/** The entry of the key at `at`, or 0. */
// @ts-ignore: decorator
@inline
export function findEntry(hash: u32, at: usize, length: u32): usize {
  let place = hash & mask;
  let entry = <usize>load<u32>(placeAt(place), 4);
  while (entry != 0 && !(load<u32>(placeAt(place)) == hash && holdsKey(entry, at, length))) {
    place = (place + 1) & mask;
    entry = <usize>load<u32>(placeAt(place), 4);
  }
  return entry;
}

/** Adds the entry of a key that is not there. */
export function indexEntry(hash: u32, entry: usize): void {
  count++;
  if (count > mask >> 1) double();
  put(hash, <u32>entry);
}

/** Removes an entry that is there. */
export function unindexEntry(hash: u32, entry: usize): void {
  let hole = hash & mask;
  while (load<u32>(placeAt(hole), 4) != <u32>entry) hole = (hole + 1) & mask;
  let place = (hole + 1) & mask;
  while (load<u32>(placeAt(place), 4) != 0) {
    const home = load<u32>(placeAt(place)) & mask;
    // An entry whose home lies behind the hole would no longer be found before it.
    if (((place - home) & mask) >= ((place - hole) & mask)) {
      store<u64>(placeAt(hole), load<u64>(placeAt(place)));
      hole = place;
    }
    place = (place + 1) & mask;
  }
  store<u64>(placeAt(hole), 0);
  count--;
}

/** All entries of the arena anew, which have moved. None of them may be gone. */
export function indexAll(): void {
  empty();
  for (let entry = firstEntry(); entry < usedBytes(); entry = nextEntry(entry)) {
    count++;
    put(hashOfEntry(entry), <u32>entry);
  }
}

function put(hash: u32, entry: u32): void {
  let place = hash & mask;
  while (load<u32>(placeAt(place), 4) != 0) place = (place + 1) & mask;
  store<u32>(placeAt(place), hash);
  store<u32>(placeAt(place), entry, 4);
}

function double(): void {
  const oldAt = placesAt;
  const oldEnd = placeAt(mask) + PLACE;
  const total = count;
  placesAt = oldAt == indexAt ? indexAt + indexBytes : indexAt;
  mask = 2 * mask + 1;
  empty();
  for (let old = oldAt; old < oldEnd; old += PLACE) {
    if (load<u32>(old, 4) != 0) put(load<u32>(old), load<u32>(old, 4));
  }
  count = total;
}
