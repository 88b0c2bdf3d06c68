import { describe, expect, it } from 'vitest';
import type { PaneCounts } from '../../src/core/panes.js';
import type { SlidingWindowOptions } from '../../src/window/sliding-window.js';
import { EPOCH, Fixture } from './fixture.js';

/** What the recorder of a window sees when it is told that a pane is about to be sealed. */
interface Sight {
  readonly change: unknown;
  readonly panes: readonly unknown[];
  readonly lines: number;
}

/** A window whose changes are recorded when a pane is sealed. */
function recorded(options: Partial<SlidingWindowOptions> = {}) {
  const seen: Sight[] = [];
  const fixture: Fixture = new Fixture({
    ...options,
    onSealing: () => {
      const { window } = fixture;
      const change = named(fixture, window.takeChange());
      const panes = window.panes().map((pane) => named(fixture, pane));
      seen.push({ change, panes, lines: window.marks().totals.lines });
    },
  });
  fixture.window.start();
  return { fixture, seen };
}

/** With names in place of numbers, and the end after the beginning of the test. */
function named({ keys }: Fixture, pane: PaneCounts | undefined) {
  if (pane === undefined) return undefined;
  const { end, counted, other, rejected, cells } = pane;
  const rows = Array.from({ length: cells.length / 2 }, (_, i) => {
    return [Buffer.from(keys.bytesOf(cells[2 * i])).toString(), cells[2 * i + 1]];
  });
  return { end: end - EPOCH, counted, other, rejected, cells: rows };
}

describe('the change of the open pane', () => {
  it('is what was added since it was last taken', () => {
    const { fixture } = recorded();
    const { window } = fixture;
    fixture.add('/a', '/b', '/a');
    fixture.add('/c', '/b', { rejection: 'blank' });
    expect(window.changed).toBe(3);
    expect(named(fixture, window.takeChange())).toEqual({
      ...{ end: 1000, counted: 5, other: 0, rejected: 1 },
      cells: [
        ['/a', 2],
        ['/b', 2],
        ['/c', 1],
      ],
    });
    fixture.add('/c');
    expect(window.changed).toBe(1);
    expect(named(fixture, window.takeChange())).toEqual({
      ...{ end: 1000, counted: 1, other: 0, rejected: 0, cells: [['/c', 1]] },
    });
  });

  it('is none where nothing was added', () => {
    const { fixture } = recorded();
    expect(fixture.window.takeChange()).toBeUndefined();
    fixture.add('/a');
    fixture.window.takeChange();
    fixture.add();
    expect([fixture.window.changed, fixture.window.takeChange()]).toEqual([0, undefined]);
  });

  it('may have no cells', () => {
    const { fixture } = recorded({ maxCells: 1 });
    const { window } = fixture;
    fixture.add('/a');
    window.takeChange();
    fixture.add({ rejection: 'blank' });
    const none = { end: 1000, counted: 0, other: 0, rejected: 0, cells: [] };
    expect(named(fixture, window.takeChange())).toEqual({ ...none, rejected: 1 });
    fixture.add('/b', '/b');
    expect(window.changed).toBe(0);
    expect(named(fixture, window.takeChange())).toEqual({ ...none, counted: 2, other: 2 });
  });

  it('has no end where the window never forgets', () => {
    const { fixture, seen } = recorded({ window: 'all' });
    fixture.add('/a');
    fixture.clock.advance(5000);
    expect(fixture.window.takeChange()?.end).toBe(Number.POSITIVE_INFINITY);
    expect([fixture.window.cutoff, seen]).toEqual([Number.NEGATIVE_INFINITY, []]);
  });

  it('is not of the pane before, though nobody took that', () => {
    const fixture = new Fixture({ onSealing: () => {} });
    fixture.add('/a');
    fixture.clock.stall(1000);
    fixture.add('/b');
    expect(fixture.window.takeChange()?.counted).toBe(1);
  });

  it('is not looked for where nobody asks to be told', () => {
    const fixture = new Fixture();
    fixture.add('/a');
    expect([fixture.window.changed, fixture.window.takeChange()]).toEqual([0, undefined]);
  });

  it('is nothing between two windows that do not touch, but in the totals', () => {
    const { fixture, seen } = recorded({ window: 200, slide: 1000 });
    fixture.add('/gap', { rejection: 'blank' });
    const { window } = fixture;
    expect([window.changed, window.takeChange(), window.panes()]).toEqual([0, undefined, []]);
    expect(window.marks().totals).toMatchObject({ lines: 2, counted: 1, rejected: 1 });
    // Whoever is told now would record what the batch adds without knowing of the batch.
    expect(seen.filter(({ lines }) => lines > 0)).toEqual([]);
  });
});

describe('whoever records the changes', () => {
  it('is told before a pane is sealed by a line, which is not in it', () => {
    const { fixture, seen } = recorded({ window: 3000, slide: 2000 });
    fixture.add('/a', '/b');
    fixture.window.takeChange();
    fixture.add('/b');
    fixture.clock.advance(1000);
    expect(seen).toEqual([]);
    fixture.add('/c', '/d');
    const pane = { end: 1000, counted: 3, other: 0, rejected: 0 };
    const both = [
      ['/a', 1],
      ['/b', 2],
    ];
    const change = { ...pane, counted: 1, cells: [['/b', 1]] };
    expect(seen).toEqual([{ change, panes: [{ ...pane, cells: both }], lines: 3 }]);
  });

  it('is told before a boundary seals a pane, and lets others leave', () => {
    const { fixture, seen } = recorded();
    fixture.add('/a');
    fixture.clock.advance(1000);
    fixture.add('/b');
    fixture.clock.shiftWall(60_000);
    fixture.add('/c');
    const pane = (end: number, key: string) => {
      return { end, counted: 1, other: 0, rejected: 0, cells: [[key, 1]] };
    };
    const [a, b] = [pane(1000, '/a'), pane(2000, '/b')];
    expect(seen.filter(({ change }) => change !== undefined)).toEqual([
      { change: a, panes: [a], lines: 1 },
      { change: b, panes: [a, b], lines: 2 },
    ]);
  });

  it('is told of the end of a pane once, also when nothing is in it', () => {
    const { fixture, seen } = recorded();
    fixture.clock.advance(2700);
    expect(seen).toEqual(Array(3).fill({ change: undefined, panes: [], lines: 0 }));
  });
});

describe('what a window says of itself', () => {
  it('are its panes, oldest first, the open one as a copy', () => {
    const { fixture } = recorded();
    fixture.add('/a');
    fixture.clock.advance(2000);
    fixture.add('/b');
    const panes = fixture.window.panes();
    fixture.add('/b', { rejection: 'blank' });
    const pane = { counted: 1, other: 0, rejected: 0 };
    expect(panes.map((each) => named(fixture, each))).toEqual([
      { ...pane, end: 1000, cells: [['/a', 1]] },
      { ...pane, end: 3000, cells: [['/b', 1]] },
    ]);
    expect(fixture.window.panes().map(({ counted }) => counted)).toEqual([1, 2]);
  });

  it('is the end of the last pane that has left', () => {
    const { fixture } = recorded();
    fixture.add('/a');
    const seen: number[][] = [];
    for (let second = 1; second <= 4; second += 1) {
      fixture.clock.advance(1000);
      seen.push([fixture.window.cutoff - EPOCH, fixture.window.panes().length]);
    }
    expect(seen).toEqual([
      [-1000, 1],
      [0, 1],
      [1000, 0],
      [2000, 0],
    ]);
  });

  it('are its time, its beginning, the last entry number and the totals', () => {
    const { fixture } = recorded();
    fixture.clock.advance(400);
    fixture.add('/a', '/b', '/a', { rejection: 'no-agent' });
    const reasons = new Map([['no-agent', 1]]);
    expect(fixture.window.marks()).toEqual({
      ...{ moment: EPOCH + 700, began: EPOCH + 300, entered: 2 },
      totals: { lines: 4, counted: 3, rejected: 1, reasons },
    });
    const [pane] = fixture.window.panes();
    expect(Array.from(pane.cells, (key, i) => (i % 2 ? 0 : fixture.window.entries[key]))).toEqual([
      1, 0, 2, 0,
    ]);
  });
});
