import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DemoTraffic } from '../../src/cli/demo-traffic.js';
import { Drops } from '../../src/cli/drops.js';
import { FakeClock } from '../support/fake-clock.js';

const NOW = Date.UTC(2026, 10, 22, 8);

describe('DemoTraffic', () => {
  const text = (traffic: DemoTraffic): string => traffic.next(NOW).toString('latin1');

  it('is the same every time', () => {
    expect(text(new DemoTraffic())).toBe(text(new DemoTraffic()));
  });

  it('rises and falls, and now this URL, now that one is asked for most', () => {
    const traffic = new DemoTraffic();
    const drops = Array.from({ length: 80 }, () => text(traffic).split('\n'));
    const lines = (from: number, to: number): number => drops.slice(from, to).flat().length;
    expect(lines(0, 20)).toBeGreaterThan(1.4 * lines(20, 40));
    expect(lines(40, 60)).toBeGreaterThan(1.4 * lines(20, 40));
    expect(new Set(drops.map(mostWanted)).size).toBeGreaterThan(3);
  });

  function mostWanted(lines: readonly string[]): string {
    const counts = new Map<string, number>();
    for (const line of lines) {
      const url = line.split(' ')[6] ?? '';
      counts.set(url, (counts.get(url) ?? 0) + 1);
    }
    return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
  }
});

describe('Drops', () => {
  const warnings: string[] = [];
  const log = {
    debug: () => {},
    info: () => {},
    warn: (message: string) => warnings.push(message),
    error: () => {},
  };
  let directory: string;

  beforeEach(() => {
    warnings.length = 0;
    directory = mkdtempSync(join(tmpdir(), 'logwin-drops-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('drops a whole file at once and another every second, until stopped', async () => {
    const clock = new FakeClock(NOW);
    const drops = new Drops(directory, clock, log);
    await drops.start();
    expect(readdirSync(directory)).toEqual(['access-000001.log']);
    expect(readFileSync(join(directory, 'access-000001.log'), 'latin1')).toMatch(/"\n$/);
    clock.advance(1000);
    await drops.stop();
    clock.advance(10_000);
    await drops.stop();
    expect(readdirSync(directory).sort()).toEqual(['access-000001.log', 'access-000002.log']);
    expect(clock.timers).toBe(0);
  });

  it('writes under a hidden name, which no source reads', async () => {
    mkdirSync(join(directory, '.access-000001.log'));
    const drops = new Drops(directory, new FakeClock(NOW), log);
    await drops.start();
    await drops.stop();
    expect(warnings).toHaveLength(1);
    expect(readdirSync(directory)).toEqual(['.access-000001.log']);
  });

  it('goes on when a file cannot be dropped', async () => {
    const clock = new FakeClock(NOW);
    const drops = new Drops(join(directory, 'missing'), clock, log);
    await drops.start();
    expect(warnings).toEqual(['A file could not be dropped.']);
    expect(clock.timers).toBe(1);
    await drops.stop();
  });
});
