import { describe, expect, it } from 'vitest';
import { CheckedKeys } from './checked-keys.js';
import { seen } from './every-event.js';
import { EPOCH, Fixture, started } from './fixture.js';

describe('the snapshots of a window', () => {
  it('come at every slide, also when nothing arrived', () => {
    const { clock, snapshots } = started();
    clock.advance(3000);
    expect(snapshots.map(({ end }) => end - EPOCH)).toEqual([1000, 2000, 3000]);
    expect(snapshots.map(({ start }) => start - EPOCH)).toEqual([-2000, -1000, 0]);
    expect(snapshots.every(({ rows }) => rows.length === 0)).toBe(true);
  });

  it('have as many rows as asked for, and the numbers of all', () => {
    const fixture = started({ top: 2 });
    fixture.add('/a', '/b', '/b', '/c', { rejection: 'blank' });
    fixture.clock.advance(1000);
    const rows = [
      ['/b', 2],
      ['/a', 1],
    ];
    const numbers = { total: 4, distinct: 3, rejected: 1, other: 0 };
    expect(seen(fixture.last)).toEqual({ ...numbers, rows });
  });

  it('hold copies of the keys', () => {
    const bytes = Buffer.from('/a');
    class KeysInOneBuffer extends CheckedKeys {
      override bytesOf(): Uint8Array {
        return bytes;
      }
    }
    const keys = new KeysInOneBuffer();
    const fixture = new Fixture({ keys });
    fixture.window.add(keys.parse([{ key: '/a' }]));
    const [row] = fixture.window.snapshot().rows;
    bytes.fill(0);
    expect(Buffer.from(row.key).toString()).toBe('/a');
  });

  it('count a key that comes back as one that came last', () => {
    const fixture = started();
    fixture.add('/old');
    fixture.clock.advance(3700);
    fixture.add('/new', '/old');
    fixture.clock.advance(1000);
    expect(seen(fixture.last).rows.map(([key]) => key)).toEqual(['/new', '/old']);
  });

  it('tell the totals since counting began, by reason', () => {
    const fixture = started();
    fixture.add('/a', { rejection: 'blank' });
    fixture.clock.advance(10_000);
    fixture.add('/b', { rejection: 'no-agent' }, { rejection: 'blank' });
    fixture.clock.advance(1000);
    const { lines, counted, rejected, reasons } = fixture.last.totals;
    expect({ lines, counted, rejected }).toEqual({ lines: 5, counted: 2, rejected: 3 });
    expect(Object.fromEntries(reasons)).toEqual({ blank: 2, 'no-agent': 1 });
    expect(fixture.last.rejected).toBe(2);
  });

  it('tell the lines per second since the snapshot before', () => {
    const fixture = started();
    fixture.add('/a', '/a', '/a', '/a', '/a', '/a', { rejection: 'blank' });
    fixture.clock.advance(700);
    expect(fixture.last.rate).toBeCloseTo(10);
    fixture.add('/a', '/a', '/a');
    fixture.clock.stall(2500);
    fixture.clock.advance(0);
    expect(fixture.snapshots.map(({ rate }) => Math.round(rate))).toEqual([10, 3, 0]);
  });

  it('tell no rate where no time has passed', () => {
    const fixture = started();
    fixture.add('/a');
    expect(fixture.window.snapshot().rate).toBe(0);
  });

  it('are no more after a stop in the middle of those that are due', () => {
    const ends: number[] = [];
    const fixture: Fixture = started({
      onSnapshot: ({ end }) => {
        ends.push(end - EPOCH);
        if (ends.length === 2) fixture.window.stop();
      },
    });
    fixture.clock.stall(60_000);
    fixture.add('/a');
    fixture.clock.advance(60_000);
    expect(ends).toEqual([1000, 2000]);
    expect(fixture.clock.timers).toBe(0);
  });

  it('that are due come before what is added after them', () => {
    const fixture = started();
    fixture.clock.stall(1000);
    fixture.add('/late');
    expect(fixture.snapshots.map(({ total }) => total)).toEqual([0]);
    fixture.clock.advance(1000);
    expect(fixture.last.total).toBe(1);
  });

  it('let the wall clock jump with one', () => {
    const fixture = started();
    fixture.add('/a');
    fixture.clock.advance(700);
    fixture.clock.suspend(60_000);
    fixture.add('/b');
    expect(fixture.snapshots.map(({ total }) => total)).toEqual([1, 0]);
    expect(fixture.last.end).toBe(EPOCH + 60_000);
    fixture.clock.advance(1000);
    expect(seen(fixture.last).rows).toEqual([['/b', 1]]);
  });
});

describe('the snapshot of this moment', () => {
  it('ends now, begins with the next window, and does not disturb the ticks', () => {
    const fixture = started();
    fixture.add('/a');
    fixture.clock.advance(500);
    const now = fixture.window.snapshot();
    expect([now.start - EPOCH, now.end - EPOCH, now.total]).toEqual([-2000, 800, 1]);
    expect(now.rate).toBeCloseTo(2);
    fixture.clock.advance(200);
    expect(fixture.last.rate).toBeCloseTo(1 / 0.7);
    expect(fixture.snapshots.length).toBe(1);
  });

  it('has nothing between two windows that do not touch', () => {
    const fixture = started({ window: 200, slide: 1000 });
    fixture.add('/gap', { rejection: 'blank' });
    const { start, end, total, rejected, totals } = fixture.window.snapshot();
    expect([start - EPOCH, end - EPOCH, total, rejected]).toEqual([300, 300, 0, 0]);
    expect(totals.lines).toBe(2);
    fixture.keys.expectNoLeak();
    expect(fixture.keys.counted).toEqual([]);
  });

  it('is of everything where the window never forgets, without a start', () => {
    const fixture = new Fixture({ window: 'all' });
    fixture.add('/a');
    fixture.clock.stall(1_000_000);
    fixture.add('/a');
    const { start, end, total, rate } = fixture.window.snapshot();
    expect([start - EPOCH, end - EPOCH, total, rate]).toEqual([300, 1_000_300, 2, 0.002]);
    expect(fixture.snapshots).toEqual([]);
  });

  it('needs no more cells than keys where the window never forgets', () => {
    const fixture = started({ window: 'all', maxCells: 2 });
    for (let slide = 0; slide < 5; slide++) {
      fixture.add('/a', '/b');
      fixture.clock.advance(1000);
    }
    expect([fixture.last.total, fixture.last.other]).toEqual([10, 0]);
  });

  it('begins where counting began', () => {
    const fixture = new Fixture({ window: 'all' });
    fixture.clock.stall(1200);
    fixture.window.start();
    fixture.clock.advance(1000);
    expect(fixture.last.start - EPOCH).toBe(1500);
  });
});

it('a window refuses bad panes before anything starts', () => {
  expect(() => new Fixture({ window: 300_001 })).toThrow(/--window 5m/);
});
