import { describe, expect, it } from 'vitest';
import { RunningTotals } from '../../src/window/running-totals.js';
import { WindowCounts } from '../../src/window/window-counts.js';
import { CheckedKeys } from './checked-keys.js';

describe('window counts', () => {
  it('hold nothing when all panes have expired', () => {
    const keys = new CheckedKeys();
    const counts = new WindowCounts(keys, 1000);
    for (let pane = 1; pane <= 2000; pane++) {
      const lines = Array.from({ length: 20 }, (_, i) => ({ key: `/${pane * 20 + i}` }));
      const answer = keys.parse(lines);
      counts.add(answer, new RunningTotals());
      keys.added();
      counts.seal(pane);
      counts.expire(pane - 10);
      expect(counts.cells).toBe(20 * Math.min(pane, 10));
    }
    counts.expire(2000);
    const { cells, distinct, total, other, rejected } = counts;
    expect([cells, distinct, total, other, rejected]).toEqual([0, 0, 0, 0, 0]);
    expect(keys.counted).toEqual([]);
    // Numbers were used again: room for no more keys than were ever there at once.
    expect(keys.limit).toBe(220);
    expect(counts.limit).toBeLessThan(2 * 220);
  });

  it('keep no pane in which nothing happened', () => {
    const keys = new CheckedKeys();
    const counts = new WindowCounts(keys, 1000);
    const answer = keys.parse([{ key: '/' }]);
    counts.add(answer, new RunningTotals());
    for (let pane = 1; pane <= 100_000; pane++) counts.seal(pane);
    expect(counts.total).toBe(1);
    counts.expire(1);
    expect(counts.total).toBe(0);
  });
});
