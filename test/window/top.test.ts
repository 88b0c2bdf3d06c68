import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ranking, topKeys } from '../../src/window/top.js';

/** Keys with these counts; those that have one entered in an order of their own. */
function ranking(counts: readonly number[], order: readonly number[]): Ranking {
  return {
    counts: Float64Array.from(counts),
    entries: Float64Array.from(counts, (_, key) => order[key]),
    distinct: counts.filter((count) => count > 0).length,
    limit: counts.length,
  };
}

/** All of them, sorted, then cut. */
function sorted({ counts, entries }: Ranking, n: number): number[] {
  const live = [...counts.keys()].filter((key) => counts[key] > 0);
  live.sort((a, b) => counts[b] - counts[a] || entries[a] - entries[b]);
  return n === 0 ? live : live.slice(0, n);
}

const rankings = fc
  .array(fc.oneof(fc.nat(3), fc.nat(1_000_000)), { maxLength: 120 })
  .chain((counts) =>
    fc
      .shuffledSubarray([...counts.keys()], { minLength: counts.length, maxLength: counts.length })
      .map((order) => ranking(counts, order)),
  );

describe('the top keys', () => {
  it('are the first of all keys sorted by count and entry', () => {
    const property = fc.property(rankings, fc.nat(130), (keys, n) => {
      expect([...topKeys(keys, n)]).toEqual(sorted(keys, n));
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it('are in the order of entry where all counts are equal', () => {
    const equal = ranking([1, 1, 1, 1, 1], [4, 2, 0, 1, 3]);
    expect([...topKeys(equal, 3)]).toEqual([2, 3, 1]);
  });

  it('are none where no key has a count', () => {
    expect([...topKeys(ranking([0, 0], [1, 2]), 10)]).toEqual([]);
    expect([...topKeys(ranking([0, 0], [1, 2]), 0)]).toEqual([]);
  });

  it('can be most of very many', () => {
    const counts = Array.from({ length: 200_000 }, (_, key) => 1 + ((key * 7919) % 1000));
    const keys = ranking(counts, [...counts.keys()].reverse());
    expect([...topKeys(keys, 100_000)]).toEqual(sorted(keys, 100_000));
  });
});
