import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Boundaries } from '../../src/window/boundaries.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';

const EPOCH = 1_800_000_000_000;
const SLIDE = 1000;

/** Boundaries of 1 s from a clock that stands 300 ms after one, and those that were given. */
class Fixture {
  readonly clock = new FakeClock(EPOCH + 300);
  readonly log = new RecordedLog();
  /** In seconds after the boundary at which the clock started. */
  readonly given: number[] = [];
  readonly boundaries: Boundaries;
  onBoundary: () => void = () => {};

  constructor() {
    this.boundaries = new Boundaries({
      slide: SLIDE,
      clock: this.clock,
      log: this.log,
      onBoundary: (boundary) => {
        this.given.push((boundary - EPOCH) / 1000);
        this.onBoundary();
      },
    });
  }
}

function started(): Fixture {
  const fixture = new Fixture();
  fixture.boundaries.start();
  return fixture;
}

describe('slide boundaries', () => {
  it('pass at multiples of the slide since the epoch', () => {
    const { clock, given } = started();
    clock.advance(699);
    expect(given).toEqual([]);
    clock.advance(1);
    expect(given).toEqual([1]);
    clock.advance(2500);
    expect(given).toEqual([1, 2, 3]);
  });

  it('that take longer than there is time for do not starve the process', () => {
    const fixture = started();
    fixture.clock.stall(10_000);
    fixture.onBoundary = () => fixture.clock.stall(600);
    fixture.clock.advance(0);
    expect(fixture.given).toEqual([1, 2, 10]);
    expect(fixture.log.lines).toEqual([
      ['info', 'Snapshots take longer than the slide; one stands for several.', { boundaries: 8 }],
    ]);
  });

  it('begin strictly after the start', () => {
    const fixture = new Fixture();
    fixture.clock.stall(1700);
    fixture.boundaries.start();
    fixture.given.length = 0;
    fixture.clock.advance(1000);
    expect(fixture.given).toEqual([3]);
  });

  it.each([
    [5400, 6],
    [5000, 6],
    [200, 1],
  ])('begin strictly after an earlier run that came to %i ms', (moment, first) => {
    const { clock, given, boundaries } = new Fixture();
    boundaries.resume(EPOCH + moment);
    boundaries.start();
    clock.advance(1000);
    expect(given).toEqual([first]);
  });

  it('pass once and in order when timers fire early', () => {
    const { clock, given } = started();
    clock.early = 1;
    clock.advance(5000);
    expect(given).toEqual([1, 2, 3, 4, 5]);
  });

  it('pass when timers fire late', () => {
    const { clock, given } = started();
    clock.late = 7;
    clock.advance(5000);
    expect(given).toEqual([1, 2, 3, 4, 5]);
  });

  it('each pass when the process is late', () => {
    const { clock, given, log } = started();
    clock.stall(4500);
    clock.advance(0);
    expect(given).toEqual([1, 2, 3, 4]);
    expect(log.lines).toEqual([]);
  });

  it('pass before what happens after them, and none that is exactly now', () => {
    const { clock, given, boundaries } = started();
    clock.stall(1700);
    boundaries.advance();
    expect(given).toEqual([1]);
    clock.stall(1);
    boundaries.advance();
    expect(given).toEqual([1, 2]);
    clock.advance(0);
    expect(given).toEqual([1, 2]);
  });

  it.each(['shiftWall', 'suspend'] as const)('pass with one at a jump: %s', (jump) => {
    const { clock, given, log } = started();
    clock.stall(2000);
    clock[jump](3_600_000);
    clock.advance(0);
    expect(given).toEqual([1, 2, 3602]);
    expect(log.lines.map(([level, , fields]) => [level, fields])).toEqual([
      ['info', { boundaries: 3600 }],
    ]);
    clock.advance(1000);
    expect(given).toEqual([1, 2, 3602, 3603]);
  });

  it('say nothing of a jump that passes none', () => {
    const { clock, given, log } = started();
    clock.shiftWall(600);
    clock.advance(50);
    expect([given, log.lines]).toEqual([[], []]);
  });

  it('notice within a second that the wall clock was set forward in a long slide', () => {
    const clock = new FakeClock(EPOCH + 300);
    const given: number[] = [];
    const options = { slide: 3_600_000, clock, log: new RecordedLog() };
    const onBoundary = (boundary: number) => given.push(boundary);
    new Boundaries({ ...options, onBoundary }).start();
    clock.shiftWall(3_600_000);
    clock.advance(1000);
    expect(given).toEqual([EPOCH + 3_600_000]);
  });

  it('go on when the wall clock is set back an hour, and after it was set right', () => {
    const { clock, given, log } = started();
    clock.advance(1000);
    clock.shiftWall(-3_600_000);
    clock.advance(3000);
    clock.shiftWall(3_600_000);
    clock.advance(2000);
    expect(given).toEqual([1, 2, 3, 4, 5, 6]);
    expect(log.lines.map(([level]) => level)).toEqual(['warn']);
  });

  it('stop inside the callback, though more are due', () => {
    const fixture = started();
    fixture.onBoundary = () => {
      if (fixture.boundaries.isRunning && fixture.given.length === 2) fixture.boundaries.stop();
    };
    fixture.clock.stall(10_000);
    fixture.clock.advance(0);
    // Once stopped, the last stands for those that pass unseen.
    expect(fixture.given).toEqual([1, 2, 10]);
    expect(fixture.clock.timers).toBe(0);
  });

  it('do not pass inside the callback of another', () => {
    const fixture = started();
    fixture.onBoundary = () => fixture.boundaries.advance();
    fixture.clock.stall(3000);
    fixture.clock.advance(0);
    expect(fixture.given).toEqual([1, 2, 3]);
  });

  it('leave no timer behind', () => {
    const { clock, boundaries } = started();
    clock.advance(5000);
    expect(clock.timers).toBe(1);
    boundaries.stop();
    expect(clock.timers).toBe(0);
  });

  it('pass each once whatever the clocks and timers do, where only the process is late', () => {
    const action = fc.record({
      kind: fc.constantFrom('advance', 'stall', 'look', 'back'),
      by: fc.double({ min: 0, max: 5000, noNaN: true }),
      early: fc.constantFrom(0, 1, 1.5),
      late: fc.constantFrom(0, 0.4, 900),
    });
    const property = fc.property(fc.array(action), (actions) => {
      const { clock, boundaries, given } = started();
      for (const { kind, by, early, late } of actions) {
        Object.assign(clock, { early, late });
        if (kind === 'look') boundaries.advance();
        else if (kind === 'back') clock.shiftWall(-by);
        else clock[kind](by);
      }
      boundaries.advance();
      const due = Math.ceil((boundaries.now - EPOCH) / SLIDE) - 1;
      expect(given.slice(0, due)).toEqual(Array.from({ length: due }, (_, i) => i + 1));
      expect(given.length - due).toBeLessThanOrEqual(1);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
