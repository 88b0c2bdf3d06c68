/** The rows of a snapshot, which may be a hundred thousand, and a new one comes at every slide. */
import type { KeyTable } from '../core/keys.js';
import type { Row } from '../core/snapshot.js';

/** Copies of these keys, in their order, with their counts. */
export function copyRows(
  keys: Uint32Array,
  table: Pick<KeyTable, 'bytesOf'>,
  counts: Float64Array,
): Row[] {
  const size = keys.reduce((sum, key) => sum + table.bytesOf(key).length, 0);
  const bytes = new Uint8Array(size);
  let end = 0;
  return Array.from(keys, (key) => {
    const start = end;
    const original = table.bytesOf(key);
    bytes.set(original, start);
    end += original.length;
    return new CopiedRow(bytes, start, end, counts[key]);
  });
}

/**
 * Its bytes lie with those of all rows, and only who asks gets an array of them: an array for each
 * row would take six times as much.
 */
class CopiedRow implements Row {
  readonly count: number;
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start: number, end: number, count: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.count = count;
  }

  get key(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }
}
