import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seen } from './every-event.js';
import { EPOCH, Fixture, restarted, started } from './fixture.js';
import { History } from './history.js';
import { generated, PAIRS } from './settings.js';
import { stepsWithCrashes } from './steps.js';

const HOUR = 3_600_000;

describe('a window that goes on from what was recorded equals every event filtered by time', () => {
  it.each(PAIRS)('%s', (_, settings) => {
    const property = fc.property(stepsWithCrashes, (history) => {
      new History({ ...settings, isRecorded: true }).run(history);
    });
    fc.assert(property, { numRuns: 150 });
  });

  it('any window and slide', () => {
    const property = fc.property(generated, stepsWithCrashes, (settings, history) => {
      new History({ ...settings, isRecorded: true }).run(history);
    });
    fc.assert(property, { numRuns: 300 });
  });
});

describe('a window after a restart', () => {
  it('has equal counts in the order in which they came before it', () => {
    const first = started();
    first.add('/c', '/a', '/b');
    first.clock.advance(1000);
    first.add('/b', '/a', '/c');
    const second = restarted(first);
    second.add('/d', '/d');
    expect(seen(second.window.snapshot()).rows.map(([key]) => key)).toEqual([
      '/c',
      '/a',
      '/b',
      '/d',
    ]);
    const third = restarted(second);
    third.add('/e', '/e');
    third.clock.advance(3000);
    expect(third.snapshots.slice(1).map((each) => seen(each).rows.map(([key]) => key))).toEqual([
      ['/c', '/a', '/b', '/d', '/e'],
      ['/d', '/e', '/c', '/a', '/b'],
    ]);
  });

  it('goes on with the totals, and counts none of them in the rate', () => {
    const first = started();
    first.add('/a', '/a', { rejection: 'blank' }, { rejection: 'no-agent' });
    const second = restarted(first);
    second.add('/a', { rejection: 'blank' });
    second.clock.advance(700);
    const { rate, totals } = second.last;
    expect(rate).toBeCloseTo(2 / 0.7);
    const reasons = new Map(Object.entries({ blank: 2, 'no-agent': 1 }));
    expect(totals).toEqual({ lines: 6, counted: 3, rejected: 3, reasons });
  });

  it('counts none of the totals in the rate before it is started', () => {
    const first = started();
    first.add('/a', '/a');
    const second = new Fixture({}, first.clock);
    second.window.resume(first.window.marks());
    second.clock.stall(500);
    expect(second.window.snapshot().rate).toBe(0);
  });

  it.each([[['/a']], [[]]])('began where the first run did, in which came %j', (lines) => {
    const first = started({ window: 'all' });
    first.add(...lines);
    first.clock.stall(5000);
    const second = restarted(first, { window: 'all' });
    second.add('/b');
    expect(second.window.snapshot().start).toBe(EPOCH + 300);
  });

  it('has lost by the time that was too old by then, and gave its numbers back', () => {
    const first = started();
    first.add('/old', '/stays');
    first.clock.advance(1000);
    first.add('/stays');
    const panes = first.window.panes();
    const marks = first.window.marks();
    first.window.stop();
    first.clock.stall(2000);
    const second = new Fixture({}, first.clock);
    second.window.resume(marks);
    second.restore(first, panes);
    expect(second.window.panes().map(({ end }) => end - EPOCH)).toEqual([2000]);
    expect(seen(second.window.snapshot())).toMatchObject({ total: 1, rows: [['/stays', 1]] });
    second.keys.expectNoLeak();
  });

  it('lets a pane leave when the run that began it would have', () => {
    const first = started();
    first.add('/a');
    first.clock.advance(100);
    const second = restarted(first);
    second.add('/a');
    second.clock.advance(5000);
    expect(second.snapshots.map(({ total }) => total)).toEqual([2, 2, 2, 0, 0]);
    expect(second.keys.counted).toEqual([]);
  });

  it('takes no lines for a change that were recorded before', () => {
    const second = restarted(withLines('/a'), { onSealing: () => {} });
    expect([second.window.changed, second.window.takeChange()]).toEqual([0, undefined]);
    second.add('/a');
    expect(second.window.takeChange()?.counted).toBe(1);
  });
});

function withLines(...lines: string[]): Fixture {
  const fixture = started();
  fixture.add(...lines);
  return fixture;
}

describe('a window with fewer cells than were recorded', () => {
  it('counts what has none in (other), the total being exact, and keeps no number for it', () => {
    const first = started();
    first.add('/a', '/b', '/b');
    first.clock.advance(1000);
    first.add('/a', '/c', '/d', '/d', '/d', { rejection: 'blank' });
    const second = restarted(first, { maxCells: 4 });
    const held = { total: 8, distinct: 3, rejected: 1, other: 3 };
    expect(seen(second.window.snapshot())).toEqual({
      ...held,
      rows: [
        ['/a', 2],
        ['/b', 2],
        ['/c', 1],
      ],
    });
    second.keys.expectNoLeak();
    second.add('/b', '/e');
    expect(seen(second.window.snapshot())).toMatchObject({ ...held, total: 10, other: 5 });
    second.clock.advance(4000);
    expect(seen(second.last)).toEqual({ total: 0, distinct: 0, rejected: 0, other: 0, rows: [] });
    second.add('/1', '/2', '/3', '/4', '/5');
    expect(second.window.snapshot()).toMatchObject({ distinct: 4, other: 1 });
  });

  it('keeps the number of a key that has a cell in another pane', () => {
    const first = started();
    first.add('/a');
    first.clock.advance(1000);
    first.add('/a', '/a');
    const second = restarted(first, { maxCells: 1 });
    expect(seen(second.window.snapshot())).toMatchObject({ total: 3, other: 2, rows: [['/a', 1]] });
    expect(second.keys.counted).toEqual(['/a']);
  });
});

describe('a clock that was set back between two runs', () => {
  it('is not followed: time goes on from where it was, with one warning', () => {
    const first = started();
    first.add('/a');
    first.clock.advance(900);
    first.add('/b');
    first.clock.shiftWall(-HOUR);
    const second = restarted(first);
    second.add('/c');
    second.clock.advance(4000);
    const ends = second.snapshots.map(({ end }) => end - EPOCH);
    expect(ends).toEqual([2000, 3000, 4000, 5000]);
    expect(second.snapshots.map(({ total }) => total)).toEqual([3, 3, 2, 0]);
    expect(second.log.lines).toEqual([
      [
        'warn',
        'The clock was set back; time goes on from where it was.',
        { milliseconds: HOUR - 1 },
      ],
    ]);
  });

  it('lets what came at a boundary leave as it would have', () => {
    const first = started();
    first.clock.advance(700);
    // After the snapshot of this moment, so it is of the next pane.
    first.add('/a');
    first.clock.shiftWall(-HOUR);
    const second = restarted(first);
    second.add('/b');
    expect(second.window.panes().map(({ end }) => end - EPOCH)).toEqual([2000, 2000]);
    second.clock.advance(4000);
    expect(second.snapshots.map(({ total }) => total)).toEqual([2, 2, 2, 0]);
  });

  it('is followed where it is ahead of the earlier run', () => {
    const first = withLines('/a');
    first.clock.shiftWall(1500);
    const second = restarted(first);
    expect(second.window.marks().moment).toBe(EPOCH + 1800);
    second.clock.advance(200);
    expect([second.last.end - EPOCH, second.last.total]).toEqual([2000, 1]);
    expect(second.log.lines).toEqual([]);
  });
});
