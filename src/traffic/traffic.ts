/**
 * Invented traffic in the combined log format, for the demonstration, the benches and the tests. The
 * same options and calls give the same bytes.
 */
import { oddRequest } from './odd-lines.js';
import { Random } from './random.js';
import { exchange, siteUrls } from './site.js';
import { addresses, agents, referer } from './visitors.js';
import { Zipf } from './zipf.js';

interface TrafficOptions {
  readonly seed: number;
  /** How many different URLs the site has, at least one. */
  readonly urls: number;
  /** The exponent of Zipf's law: 0 asks for all URLs alike, 1 is what sites see. */
  readonly skew: number;
  /** The share of odd lines, from 0 to 1. */
  readonly odd: number;
}

export interface Traffic {
  /** `count` lines, each with its line end, as if logged at `time` (milliseconds since the epoch). */
  lines(count: number, time: number): Buffer;
}

/** How many ready exchanges a URL has; more would make no difference to see. */
const VARIANTS = 4;

export function createTraffic(options: TrafficOptions): Traffic {
  return new SiteTraffic(options);
}

class SiteTraffic implements Traffic {
  readonly #random: Random;
  readonly #ranks: Zipf;
  readonly #odd: number;
  readonly #addresses: readonly string[];
  readonly #agents: readonly string[];
  readonly #urls: readonly string[];
  /** Ready parts of lines, made when first needed: request, status, size and referer. */
  readonly #exchanges: string[] = [];

  constructor({ seed, urls, skew, odd }: TrafficOptions) {
    this.#random = new Random(seed);
    this.#ranks = new Zipf(urls, skew);
    this.#odd = odd;
    this.#addresses = addresses(this.#random);
    this.#agents = agents(this.#random);
    this.#urls = siteUrls(urls, this.#random);
  }

  lines(count: number, time: number): Buffer {
    const stamp = timeStamp(time);
    let text = '';
    for (let line = 0; line < count; line += 1) text += this.#line(stamp);
    return Buffer.from(text, 'latin1');
  }

  #line(stamp: string): string {
    const random = this.#random;
    const odd = random.next() < this.#odd;
    const middle = odd ? oddRequest(random) : this.#exchange();
    return `${random.pick(this.#addresses)} - - ${stamp} ${middle} "${random.pick(this.#agents)}"\n`;
  }

  #exchange(): string {
    const rank = this.#ranks.draw(this.#random);
    const place = rank * VARIANTS + this.#random.below(VARIANTS);
    const ready = this.#exchanges[place];
    if (ready !== undefined) return ready;
    const made = `${exchange(this.#urls[rank], this.#random)} "${referer(this.#random)}"`;
    this.#exchanges[place] = made;
    return made;
  }
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun'].concat([
  'Jul',
  'Aug',
  'Sep',
  'Oct',
  'Nov',
  'Dec',
]);

/** As servers write it: `[22/Nov/2026:08:00:00 +0000]`. */
function timeStamp(time: number): string {
  const iso = new Date(time).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `[${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000]`;
}
