import { expect, it } from 'vitest';
import { createTraffic } from '../../src/traffic/traffic.js';
import { referenceCaptures, referenceField } from '../reference/combined.js';

const TIME = Date.UTC(2026, 10, 22, 8, 5, 9);
const OPTIONS = { seed: 7, urls: 200, skew: 1, odd: 0 };

function linesOf(options: Partial<typeof OPTIONS>, count: number): string[] {
  const bytes = createTraffic({ ...OPTIONS, ...options }).lines(count, TIME);
  return bytes.toString('latin1').trimEnd().split('\n');
}

it('gives the same bytes for the same seed, and others for another', () => {
  const [one, same, other] = [7, 7, 8].map((seed) => {
    const traffic = createTraffic({ ...OPTIONS, odd: 0.2, seed });
    return Buffer.concat([traffic.lines(500, TIME), traffic.lines(500, TIME + 1000)]);
  });
  expect(one.equals(same)).toBe(true);
  expect(one.equals(other)).toBe(false);
});

it('gives clean lines that match the format, with the time asked for', () => {
  const lines = linesOf({}, 5000);
  expect(lines.length).toBe(5000);
  for (const line of lines) {
    const captures = referenceCaptures(line);
    expect(captures?.time, line).toBe('22/Nov/2026:08:05:09 +0000');
    expect(line).not.toContain('\\');
  }
  const bytes = lines.join('\n').length / lines.length;
  expect(bytes).toBeGreaterThan(170);
  expect(bytes).toBeLessThan(195);
});

it('names no address outside the ranges for documentation', () => {
  const hosts = linesOf({ odd: 0.1 }, 5000).map((line) => line.split(' ')[0]);
  expect(new Set(hosts).size).toBeGreaterThan(500);
  for (const host of hosts) {
    expect(host).toMatch(/^(192\.0\.2\.|198\.51\.100\.|203\.0\.113\.)\d+$|^2001:db8::/);
  }
});

it('asks for URLs by Zipf’s law, and for no more than it was told', () => {
  const counts = new Map<string, number>();
  for (const line of linesOf({ urls: 50 }, 20_000)) {
    const captures = referenceCaptures(line);
    const url = captures && referenceField(captures, 'url');
    if (url !== undefined) counts.set(url, (counts.get(url) ?? 0) + 1);
  }
  expect(counts.size).toBe(50);
  const harmonic = Array.from({ length: 50 }, (_, rank) => 1 / (rank + 1)).reduce((a, b) => a + b);
  const share = (counts.get('/') ?? 0) / 20_000;
  expect(share).toBeGreaterThan(0.9 / harmonic);
  expect(share).toBeLessThan(1.1 / harmonic);
});

it('gives the share of odd lines asked for, of which some match and some do not', () => {
  const odd = linesOf({ odd: 1 }, 1000);
  const matching = odd.filter((line) => referenceCaptures(line) !== undefined).length;
  expect(matching).toBeGreaterThan(500);
  expect(matching).toBeLessThan(800);
  const rejected = linesOf({ odd: 0.3 }, 20_000).filter((line) => !referenceCaptures(line)).length;
  expect(rejected / 20_000).toBeGreaterThan(0.3 * 0.25);
  expect(rejected / 20_000).toBeLessThan(0.3 * 0.42);
});
