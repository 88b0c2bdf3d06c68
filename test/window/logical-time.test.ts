import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogicalTime } from '../../src/window/logical-time.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';

const HOUR = 3_600_000;

function timeOf(clock: FakeClock): { time: LogicalTime; log: RecordedLog } {
  const log = new RecordedLog();
  return { time: new LogicalTime(clock, log), log };
}

describe('logical time', () => {
  it('follows the wall clock', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    clock.stall(1234);
    time.advance();
    expect([time.now, time.awake]).toEqual([clock.wall(), clock.wall()]);
    expect(log.lines).toEqual([]);
  });

  it('says where it jumped from when the wall clock is set forward', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    clock.stall(300);
    const before = clock.wall();
    clock.shiftWall(HOUR);
    time.advance();
    expect([time.now, time.awake]).toEqual([before + HOUR, before]);
    expect(log.lines).toEqual([]);
  });

  it('takes a small lead of the wall clock for drift', () => {
    const clock = new FakeClock();
    const { time } = timeOf(clock);
    clock.shiftWall(20);
    time.advance();
    expect([time.now, time.awake]).toEqual([clock.wall(), clock.wall()]);
  });

  it('goes on by the monotonic clock when the wall clock is set back, and warns once', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    const begin = clock.wall();
    clock.shiftWall(-HOUR);
    for (let second = 1; second <= 100; second++) {
      clock.stall(1000);
      time.advance();
      expect(time.now).toBe(begin + second * 1000);
    }
    expect(log.lines.map(([level]) => level)).toEqual(['warn']);
    expect(log.lines[0][2]).toEqual({ milliseconds: HOUR - 1 });
  });

  it('warns again of another set-back, and not of one that was taken back in part', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    for (const shift of [-HOUR, HOUR / 2, -1000, HOUR / 2]) {
      clock.shiftWall(shift);
      time.advance();
    }
    expect(log.lines.map(([, , fields]) => fields)).toEqual([
      { milliseconds: HOUR - 1 },
      { milliseconds: 1000 },
    ]);
  });

  it('follows the wall clock again when that has caught up', () => {
    const clock = new FakeClock();
    const { time } = timeOf(clock);
    clock.shiftWall(-HOUR);
    time.advance();
    const before = time.now;
    clock.shiftWall(HOUR + 5000);
    time.advance();
    expect([time.now, time.awake]).toEqual([clock.wall(), before]);
  });

  it('goes on from where an earlier run came, as if the clock had been set back meanwhile', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    const moment = clock.wall() + HOUR;
    clock.stall(2000);
    time.resume(moment);
    expect([time.now, time.awake, log.lines]).toEqual([moment, moment, []]);
    for (let second = 1; second <= 10; second++) {
      clock.stall(1000);
      time.advance();
      expect(time.now).toBe(moment + second * 1000);
    }
    expect(log.lines.map(([level, , fields]) => [level, fields])).toEqual([
      ['warn', { milliseconds: HOUR - 2000 - 1 }],
    ]);
  });

  it('does not go back to where an earlier run came', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    const begin = clock.wall();
    clock.stall(5000);
    time.resume(begin + 4000);
    expect([time.now, time.awake]).toEqual([clock.wall(), clock.wall()]);
    expect(log.lines).toEqual([]);
  });

  it('lets a wall clock that is a little behind catch up without a word', () => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    clock.shiftWall(-30);
    for (let i = 0; i < 10; i++) {
      clock.stall(100);
      time.advance();
    }
    expect(time.now).toBe(clock.wall() + 1);
    expect(log.lines).toEqual([]);
  });

  it.each([1, 2])('does not take a process held up at reading %i for a set clock', (heldUp) => {
    const clock = new FakeClock();
    const { time, log } = timeOf(clock);
    const readings = { monotonic: clock.monotonic.bind(clock), wall: clock.wall.bind(clock) };
    let count = 0;
    const read = (name: 'monotonic' | 'wall') => () => {
      if (count++ === heldUp) clock.stall(500);
      return readings[name]();
    };
    Object.assign(clock, { monotonic: read('monotonic'), wall: read('wall') });
    time.advance();
    expect(time.awake).toBe(time.now);
    time.advance();
    expect([time.now, time.awake]).toEqual([clock.wall(), clock.wall()]);
    expect(log.lines).toEqual([]);
  });

  it('tolerates fractions on one clock and whole milliseconds on the other', () => {
    const clock = new FakeClock(1_800_000_000_000.7, 77.123);
    const { time, log } = timeOf(clock);
    for (let i = 0; i < 1000; i++) {
      clock.stall(0.37);
      time.advance();
      expect(Math.abs(time.now - clock.wall())).toBeLessThan(1.01);
      expect(time.awake).toBe(time.now);
    }
    expect(log.lines).toEqual([]);
  });

  it('never goes back', () => {
    const action = fc.record({
      kind: fc.constantFrom('stall', 'suspend', 'shiftWall'),
      by: fc.double({ min: 0, max: 100_000, noNaN: true }),
      sign: fc.constantFrom(1, -1),
    });
    const property = fc.property(fc.array(action), (actions) => {
      const clock = new FakeClock();
      const { time } = timeOf(clock);
      for (const { kind, by, sign } of actions) {
        const { now } = time;
        if (kind === 'shiftWall') clock.shiftWall(by * sign);
        else if (kind === 'suspend') clock.suspend(by);
        else clock.stall(by);
        time.advance();
        expect(time.awake).toBeGreaterThanOrEqual(now);
        expect(time.now).toBeGreaterThanOrEqual(time.awake);
      }
    });
    fc.assert(property);
  });
});
