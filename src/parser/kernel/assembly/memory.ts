/**
 * Where everything lies in the module's memory, and the settings of a run. The host decides on it
 * (`layout.ts`) and says it once, before anything else; nothing moves afterwards, and the memory
 * never grows. What is not touched takes no memory of the machine.
 */

// Settings.

/** A longer line is rejected; its line end does not count. */
export let maxLine: u32 = 0;
/** How many keys there may be, and of how many bytes in all. */
export let maxKeys: u32 = 0;
export let maxKeyBytes: u32 = 0;
/** How many fields a key is made of. */
export let fieldCount: u32 = 0;

// Regions.

/** What the hash is seeded with: random bytes (`hash.ts`). */
export let seedAt: usize = 0;
/** The fields that a key is made of: a byte each, the place in `FIELDS` of core/config. */
export let fieldsAt: usize = 0;
/** Where the captures of the line at hand lie: as in `captures.ts` of the plain parser. */
export let capturesAt: usize = 0;
/** Positions of quotes and line ends, 4 bytes each (`marks.ts`). */
export let marksAt: usize = 0;
/** What is to be looked up, 12 bytes a line (`parse.ts`). */
export let recordsAt: usize = 0;
/** Keys of several fields, put together. */
export let scratchAt: usize = 0;
/** The two halves of the index (`key-index.ts`), `indexBytes` each. */
export let indexAt: usize = 0;
export let indexBytes: usize = 0;
/** The bytes of the keys (`key-arena.ts`), `arenaBytes` of them. */
export let arenaAt: usize = 0;
export let arenaBytes: usize = 0;
/** By key number, where its entry in the arena lies; 4 bytes each. */
export let startsAt: usize = 0;
/** Key numbers that were given back; 4 bytes each. */
export let freeAt: usize = 0;
/** By key number, how many lines of the batch at hand (`tally.ts`); 4 bytes each. */
export let countsAt: usize = 0;

export function setBounds(longestLine: u32, keys: u32, keyBytes: u32, fields: u32): void {
  maxLine = longestLine;
  maxKeys = keys;
  maxKeyBytes = keyBytes;
  fieldCount = fields;
}

export function setLineRegions(
  seed: usize,
  fields: usize,
  captures: usize,
  marks: usize,
  records: usize,
  scratch: usize,
): void {
  seedAt = seed;
  fieldsAt = fields;
  capturesAt = captures;
  marksAt = marks;
  recordsAt = records;
  scratchAt = scratch;
}

export function setTableRegions(
  index: usize,
  indexSize: usize,
  arena: usize,
  arenaSize: usize,
  starts: usize,
  free: usize,
  counts: usize,
): void {
  indexAt = index;
  indexBytes = indexSize;
  arenaAt = arena;
  arenaBytes = arenaSize;
  startsAt = starts;
  freeAt = free;
  countsAt = counts;
}
