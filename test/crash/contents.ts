/** Logs of invented traffic, with lines strewn in that are wrong or as long as a line may be. */
import type { Random } from '../../src/traffic/random.js';
import { createTraffic, type Traffic } from '../../src/traffic/traffic.js';

const TIME = Date.UTC(2026, 10, 22, 8);
/** A stray line comes after so many others, at most. */
const STRAY_GAP = 400;
/** Longer than any `--max-line` of a round. */
const HUGE_LINE = 70_000;

export class Contents {
  readonly #random: Random;
  readonly #traffic: Traffic;
  readonly #maxLine: number;

  constructor(random: Random, seed: number, maxLine: number) {
    this.#random = random;
    this.#maxLine = maxLine;
    // Few URLs, so that each is in many files.
    this.#traffic = createTraffic({ seed, urls: 50 + random.below(400), skew: 0.8, odd: 0.04 });
  }

  /** A log of `count` lines, all with line ends. No two calls give the same. */
  lines(count: number): Buffer {
    const parts: Buffer[] = [];
    for (let left = count; left > 0; left -= 1) {
      const run = Math.min(left - 1, this.#random.below(STRAY_GAP));
      parts.push(this.#traffic.lines(run, TIME), Buffer.from(`${this.#stray()}\n`, 'latin1'));
      left -= run;
    }
    return Buffer.concat(parts);
  }

  #stray(): string {
    const random = this.#random;
    switch (random.below(7)) {
      case 0:
        return '';
      case 1:
        return '\r';
      case 2:
        return 'no log line';
      case 3:
        return request('/crlf', '\r');
      case 4:
        return requestOf(this.#maxLine + random.below(2));
      case 5:
        return requestOf(random.below(20) === 0 ? HUGE_LINE : 2000);
      default:
        return '\0\xff "-" \\';
    }
  }
}

/** A line of `length` bytes, or a few more where that is too short for one. */
function requestOf(length: number): string {
  const line = request('/long-');
  return request(`/long-${'x'.repeat(Math.max(0, length - line.length))}`);
}

function request(url: string, end = ''): string {
  return `192.0.2.1 - - [22/Nov/2026:08:00:00 +0000] "GET ${url} HTTP/1.1" 200 1 "-" "-"${end}`;
}
