import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/core/snapshot.js';
import { History } from './history.js';
import { generated, PAIRS } from './settings.js';
import { steps } from './steps.js';

describe('a sliding window equals every event filtered by time', () => {
  it.each(PAIRS)('%s', (_, settings) => {
    fc.assert(fc.property(steps, (history) => new History(settings).run(history)));
  });

  it('any window and slide', () => {
    const property = fc.property(generated, steps, (settings, history) => {
      new History(settings).run(history);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it('a key table without room', () => {
    const property = fc.property(generated, steps, (settings, history) => {
      new History({ ...settings, maxKeys: 3 }).run(history);
    });
    fc.assert(property, { numRuns: 300 });
  });

  it("the notes' example: batches of 1 s, a slide of 30 min, a window of 1 h", () => {
    const settings = { window: 3_600_000, slide: 1_800_000, pane: 1_800_000 };
    const history = new History(settings);
    for (let second = 0; second < 4 * 3600; second++) {
      history.parse([{ key: `/${second % 11}` }]);
      history.add();
      history.clock.advance(1000);
    }
    // The first boundary comes after 130 ms, and so sees one line.
    const totals = [1, 1801, 3600, 3600, 3600, 3600, 3600, 3600];
    expect(history.snapshots.map(({ total }) => total)).toEqual(totals);
  });
});

describe('a sliding window without cells', () => {
  it('counts what has no cell in (other), and forgets no number', () => {
    const maxCells = fc.integer({ min: 0, max: 6 });
    const property = fc.property(generated, maxCells, steps, (settings, maxCells, history) => {
      const run: History = new History({ ...settings, maxCells }, (snapshot, boundary) => {
        expectBounded(snapshot, run.expectedAt(boundary));
        expect(snapshot.distinct).toBeLessThanOrEqual(maxCells);
      });
      run.run(history);
    });
    fc.assert(property, { numRuns: 500 });
  });
});

function expectBounded(snapshot: Snapshot, truth: ReturnType<History['expectedAt']>): void {
  const counts = new Map(truth.rows);
  let inRows = 0;
  for (const { key, count } of snapshot.rows) {
    inRows += count;
    expect(count).toBeLessThanOrEqual(counts.get(Buffer.from(key).toString()) ?? 0);
  }
  expect(inRows + snapshot.other).toBe(truth.total);
  expect(snapshot.total).toBe(truth.total);
  expect(snapshot.rejected).toBe(truth.rejected);
  expect(snapshot.rows.length).toBe(snapshot.distinct);
}
