/** The order of the rows: highest count first, equal counts in the order of entry. */

/** Counts and entry numbers by key number. A key without a count is not in the window. */
export interface Ranking {
  readonly counts: Float64Array;
  readonly entries: Float64Array;
  /** How many keys have a count. */
  readonly distinct: number;
  /** All their numbers are below this. */
  readonly limit: number;
}

/** The numbers of the first `n` keys, in order; of all of them where `n` is 0. */
export function topKeys(ranking: Ranking, n: number): Uint32Array {
  const size = n === 0 ? ranking.distinct : Math.min(n, ranking.distinct);
  const { counts, entries } = ranking;
  const keys = size < ranking.distinct ? bestKeys(ranking, size) : liveKeys(ranking);
  return keys.sort((a, b) => counts[b] - counts[a] || entries[a] - entries[b]);
}

function liveKeys({ counts, distinct, limit }: Ranking): Uint32Array {
  const keys = new Uint32Array(distinct);
  let found = 0;
  for (let key = 0; key < limit; key++) if (counts[key] > 0) keys[found++] = key;
  return keys;
}

/**
 * The best `size` keys in no order, `size` being at least one and less than there are. A heap holds
 * the best so far with the worst of them first; nearly every key fails the one comparison with its
 * count. One loop, because it runs over a million keys at every slide.
 */
function bestKeys({ counts, entries, limit }: Ranking, size: number): Uint32Array {
  const heap = new Uint32Array(size);
  let held = 0;
  let threshold = 0;
  for (let key = 0; key < limit; key++) {
    const count = counts[key];
    if (count < threshold || count === 0) continue;
    if (held < size) {
      heap[held++] = key;
      if (held < size) continue;
      for (let i = (size >> 1) - 1; i >= 0; i--) sink(heap, i, counts, entries);
    } else {
      if (count === threshold && entries[key] > entries[heap[0]]) continue;
      heap[0] = key;
      sink(heap, 0, counts, entries);
    }
    threshold = counts[heap[0]];
  }
  return heap;
}

/** Moves the key at `place` down to where no key below it is worse. */
function sink(heap: Uint32Array, place: number, counts: Float64Array, entries: Float64Array): void {
  for (let child = 2 * place + 1; child < heap.length; child = 2 * place + 1) {
    if (child + 1 < heap.length && isWorse(heap[child + 1], heap[child], counts, entries)) child++;
    if (!isWorse(heap[child], heap[place], counts, entries)) return;
    const worse = heap[child];
    heap[child] = heap[place];
    heap[place] = worse;
    place = child;
  }
}

function isWorse(a: number, b: number, counts: Float64Array, entries: Float64Array): boolean {
  return counts[a] < counts[b] || (counts[a] === counts[b] && entries[a] > entries[b]);
}
