import { describe, expect, it } from 'vitest';
import { ProgressDisplay, progressText } from '../../src/cli/progress.js';
import type { Progress } from '../../src/pipeline.js';
import { FakeClock } from '../support/fake-clock.js';

describe('progressText', () => {
  it.each<[Progress, number, string]>([
    [{ bytes: 0, lines: 0, ofBytes: 500 }, 0, '0 B of 500 B read (0%), 0 lines/s'],
    [
      { bytes: 1_288_490_189, lines: 1, ofBytes: 3 * 1024 ** 3 },
      1_234_567.4,
      '1.20 GiB of 3.00 GiB read (40%), 1,234,567 lines/s',
    ],
    [{ bytes: 999, lines: 1, ofBytes: 1000 }, 1, '999 B of 0.98 KiB read (99%), 1 lines/s'],
    [{ bytes: 2000, lines: 1, ofBytes: 1000 }, 1, '1.95 KiB of 0.98 KiB read (100%), 1 lines/s'],
    [{ bytes: 20_480, lines: 1, ofBytes: undefined }, 7, '20.0 KiB read, 7 lines/s'],
    [{ bytes: 0, lines: 0, ofBytes: 0 }, 0, '0 B read, 0 lines/s'],
  ])('of %j', (reading, rate, text) => {
    expect(progressText(reading, rate)).toBe(text);
  });
});

describe('the progress display', () => {
  function setUp() {
    const clock = new FakeClock();
    const reading = { bytes: 0, lines: 0, ofBytes: undefined };
    const drawn: string[] = [];
    const writer = {
      frame: (render: () => string) => drawn.push(render()),
      clear: () => drawn.push('cleared'),
    };
    return { clock, reading, drawn, progress: new ProgressDisplay(() => reading, writer, clock) };
  }

  it('shows nothing of what is done within a second', () => {
    const { clock, drawn, progress } = setUp();
    progress.start();
    clock.advance(999);
    progress.stop();
    clock.advance(5000);
    expect(drawn).toEqual([]);
  });

  it('is drawn again and again, with the speed of the moment, and leaves nothing', () => {
    const { clock, reading, drawn, progress } = setUp();
    progress.start();
    reading.lines = 3000;
    clock.advance(1000);
    reading.lines = 3500;
    clock.advance(250);
    progress.stop();
    clock.advance(5000);
    expect(drawn).toEqual(['0 B read, 3,000 lines/s', '0 B read, 2,000 lines/s', 'cleared']);
  });
});
