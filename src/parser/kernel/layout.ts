/**
 * What lies where in a kernel's memory. Regions are as large as they can ever have to be, so that
 * nothing moves and no view of the memory is ever cut off from it; what is not touched takes none of
 * the machine's memory.
 */

/** Bytes of a page of WebAssembly memory. */
const PAGE = 65_536;
/** What a memory of 32-bit addresses can have. */
const MOST_PAGES = 65_536;

/** Regions are aligned to this, and have at least this much between them: vectors read beyond. */
const SLACK = 64;

// As in the kernel: see the files in `assembly/` that the comments name.

/** `parse.ts`: a strip, and a record for each line of it. */
const STRIP = 16 * 1024;
const RECORD = 12;
/** `key-index.ts`: bytes of a place, and the places it begins with. */
const PLACE = 8;
const LEAST_PLACES = 1024;
/** `key-arena.ts`: what an entry takes beside the bytes, and how much may be gone. */
const ENTRY_HEADER = 12;
const ENTRY_OVERHEAD = ENTRY_HEADER + 3;
const LEAST_GONE = 1 << 20;

/** `tally.ts`: what is before the pairs. */
const TALLY_HEAD = 64;

/** The random bytes that the hash is seeded with. */
export const SEED_BYTES = 512;
const CAPTURE_BYTES = 128;
/** `a a a [a] "a" 1 a "" ""` and its end: no line with a key is shorter. */
const SHORTEST_LINE = 24;

interface KernelBounds {
  readonly maxKeys: number;
  readonly maxKeyBytes: number;
  readonly bufferSize: number;
  /** How many buffers. */
  readonly buffers: number;
  /** How many fields a key is made of. Each may be nearly the whole line, and some overlap. */
  readonly fields: number;
}

export interface Layout {
  readonly seed: number;
  readonly fields: number;
  readonly captures: number;
  readonly marks: number;
  readonly records: number;
  readonly scratch: number;
  readonly index: number;
  readonly indexBytes: number;
  readonly arena: number;
  readonly arenaBytes: number;
  readonly starts: number;
  readonly free: number;
  readonly counts: number;
  /** The longest key that there can be. */
  readonly keyBytes: number;
  /** Keys from elsewhere, as entries of other kernels or one by itself, and the numbers they get. */
  readonly transfer: number;
  readonly transferred: number;
  /** By buffer: where it begins, and where the answers to what is in it, and their tally, go. */
  readonly buffers: readonly number[];
  readonly answers: readonly number[];
  readonly tallies: readonly number[];
  readonly pages: number;
}

/** `key-arena.ts`: what an entry takes for a key of this length. */
export function entryBytes(length: number): number {
  return ENTRY_HEADER + Math.ceil(length / 4) * 4;
}

/** Where the buffers begin that sources read into. */
export function offsetsOf({ buffers }: Layout): readonly number[] {
  return buffers.slice(0, -1);
}

/** Where the last one begins: it is kept for what has to be copied. */
export function stageOf({ buffers }: Layout): number {
  return buffers[buffers.length - 1];
}

/** The most keys that one batch can hold. */
export function keysOfBatch(bufferSize: number): number {
  return Math.ceil(bufferSize / SHORTEST_LINE);
}

/** Throws a `RangeError` where it would not fit into a memory. */
export function layOut(bounds: KernelBounds): Layout {
  const { maxKeys, maxKeyBytes, bufferSize, buffers, fields } = bounds;
  const keyBytes = fields * bufferSize;
  let end = PAGE;
  const region = (bytes: number): number => {
    const start = end;
    end = Math.ceil((start + bytes + SLACK) / SLACK) * SLACK;
    return start;
  };
  const keys = keysOfBatch(bufferSize);
  const indexBytes = indexPlaces(maxKeys) * PLACE;
  const arenaBytes = 2 * (maxKeyBytes + ENTRY_OVERHEAD * maxKeys) + LEAST_GONE;
  const each = (bytes: number) => Array.from({ length: buffers }, () => region(bytes));
  const layout = {
    seed: region(SEED_BYTES),
    fields: region(fields),
    captures: region(CAPTURE_BYTES),
    marks: region(4 * (bufferSize + 1) + SLACK),
    records: region(RECORD * (STRIP + 1)),
    scratch: region(keyBytes),
    index: region(2 * indexBytes),
    indexBytes,
    arena: region(arenaBytes),
    arenaBytes,
    starts: region(4 * maxKeys),
    free: region(4 * maxKeys),
    counts: region(4 * maxKeys),
    keyBytes,
    transfer: region(keyBytes + ENTRY_OVERHEAD * keys),
    transferred: region(4 * keys),
    buffers: each(bufferSize + 1),
    answers: each(4 * (bufferSize + 1)),
    tallies: each(TALLY_HEAD + 8 * keys),
  };
  const pages = Math.ceil(end / PAGE);
  if (pages > MOST_PAGES) throw new RangeError('the bounds ask for more than 4 GiB of memory');
  return { ...layout, pages };
}

/** It doubles before it is half full. */
function indexPlaces(maxKeys: number): number {
  let places = LEAST_PLACES;
  while (places / 2 <= maxKeys) places *= 2;
  return places;
}
