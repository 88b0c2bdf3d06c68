import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Settlement } from '../../src/channel/settlement.js';
import type { Batch, Origin } from '../../src/core/batch.js';
import { expectCollected } from '../support/collected.js';

const origin: Origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

function batches(count: number): Batch[] {
  return Array.from({ length: count }, (_, start) => {
    return { kind: 'too-long', origin, start, end: start + 1 };
  });
}

describe('the settlement', () => {
  it('tells of a batch when it has reached all its ends', () => {
    const arrived: Batch[] = [];
    const settlement = new Settlement((batch) => arrived.push(batch));
    const [batch] = batches(1);
    settlement.enter(batch, Settlement.course(), 2);
    settlement.delivered(batch, 1);
    expect(arrived).toEqual([]);
    settlement.delivered(batch, 1);
    expect(arrived).toEqual([batch]);
  });

  it('holds nothing of what was discarded, though one before it is under way', async () => {
    const settlement = new Settlement(() => {});
    const course = Settlement.course();
    const [first] = batches(1);
    settlement.enter(first, course, 1);
    const discarded = ((): WeakRef<object> => {
      const [batch] = batches(1);
      settlement.enter(batch, course, 1);
      settlement.discard(batch);
      return new WeakRef(batch);
    })();
    await expectCollected(discarded);
    expect(course.size).toBe(1);
  });

  it('lets one source go on while another waits', () => {
    const arrived: Batch[] = [];
    const settlement = new Settlement((batch) => arrived.push(batch));
    const [slow, fast] = batches(2);
    settlement.enter(slow, Settlement.course(), 1);
    settlement.enter(fast, Settlement.course(), 1);
    settlement.delivered(fast, 1);
    expect(arrived).toEqual([fast]);
  });

  it('tells in the order of the puts, whatever arrives first, and never of what was discarded', () => {
    const history = fc.record({
      ends: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 12 }),
      discarded: fc.array(fc.nat(11)),
      seed: fc.integer(),
    });
    fc.assert(
      fc.property(history, ({ ends, discarded, seed }) => {
        const arrived: Batch[] = [];
        const settlement = new Settlement((batch) => arrived.push(batch));
        const all = batches(ends.length);
        const course = Settlement.course();
        all.forEach((batch, index) => {
          settlement.enter(batch, course, ends[index]);
        });
        const isGone = (index: number) => discarded.includes(index);
        const events = all.flatMap((batch, index) =>
          isGone(index)
            ? [() => settlement.discard(batch)]
            : Array.from({ length: ends[index] }, () => () => settlement.delivered(batch, 1)),
        );
        for (const event of shuffled(events, seed)) {
          event();
          // At every moment: a prefix of what is to be told.
          const due = all.filter((_, index) => !isGone(index));
          expect(arrived).toEqual(due.slice(0, arrived.length));
        }
        expect(arrived).toHaveLength(all.filter((_, index) => !isGone(index)).length);
      }),
    );
  });
});

function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed >>> 0;
  const keyed = items.map((item) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return { item, key: state };
  });
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
