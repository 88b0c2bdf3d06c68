import { describe, expect, it } from 'vitest';
import { MemoryBudget } from '../../src/wire/netty/memory-budget.js';

describe('the memory of all connections together', () => {
  it('is bounded, but the message that began first always goes on', () => {
    const budget = new MemoryBudget(100);
    const first = budget.share(() => {});
    const second = budget.share(() => {});
    expect(first.take(60)).toBe(true);
    expect(second.take(60)).toBe(false);
    expect(second.take(40)).toBe(true);
    expect(first.take(1000)).toBe(true);
    expect(second.take(1)).toBe(false);
    expect(budget.held).toBe(1100);
  });

  it('goes to who waits when it is given back', () => {
    const budget = new MemoryBudget(100);
    const resumed: string[] = [];
    const first = budget.share(() => resumed.push('first'));
    const second = budget.share(() => resumed.push('second'));
    const third = budget.share(() => resumed.push('third'));
    first.take(100);
    second.take(10);
    third.take(10);
    first.complete(100);
    expect(resumed).toContain('second');
    resumed.length = 0;
    first.release(100);
    expect(budget.held).toBe(0);
    expect(second.take(10)).toBe(true);
  });

  it('is not kept by a connection that is gone', () => {
    const budget = new MemoryBudget(100);
    const resumed: string[] = [];
    const first = budget.share(() => resumed.push('first'));
    const second = budget.share(() => {
      resumed.push('second');
      second.take(50);
    });
    first.take(100);
    expect(second.take(50)).toBe(false);
    first.end();
    expect(resumed).toContain('second');
    expect(budget.held).toBe(50);
    second.end();
    expect(budget.held).toBe(0);
  });

  it('lets one after the other come to its end, whatever each wants', () => {
    const budget = new MemoryBudget(10);
    const done: number[] = [];
    const shares = [0, 1, 2, 3].map((n) => {
      let got = 0;
      const step = (): void => {
        while (got < 5) {
          if (!share.take(10)) return;
          got += 1;
        }
        if (done.includes(n)) return;
        done.push(n);
        share.complete(40);
        share.release(40);
      };
      const share = budget.share(step);
      return step;
    });
    // The first is cut short, so that the others have to wait for it.
    for (const step of shares.slice(1)) step();
    shares[0]();
    expect(done.sort()).toEqual([0, 1, 2, 3]);
    expect(budget.held).toBe(0);
  });
});
