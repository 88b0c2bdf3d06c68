/** Generated lines of a log, each of which is there once. */
import { createTraffic } from '../../src/traffic/traffic.js';

const TIME = Date.UTC(2026, 10, 22, 8);

/** Without line ends; one character each byte. */
export function numberedLines(count: number): string[] {
  const traffic = createTraffic({ seed: 1, urls: 100, skew: 1, odd: 0 });
  const lines = traffic.lines(count, TIME).toString('latin1').split('\n').slice(0, -1);
  return lines.map((line, index) => `${index}-${line}`);
}
