/**
 * Who asks: addresses from the ranges kept for documentation (RFC 5737, RFC 3849), names under
 * example.com, example.net and example.org, and programs that do not exist.
 */
import type { Random } from './random.js';

const NETWORKS = ['192.0.2', '198.51.100', '203.0.113'];
const ADDRESSES = 1500;

const SYSTEMS = [
  'X11; Linux x86_64',
  'Windows NT 10.0',
  'Macintosh; Intel Mac OS X',
  'Linux; Android 14; Mobile',
  'iPhone; CPU iPhone OS 17_4',
];

const PROGRAMS = [
  'Mozilla/5.0 (compatible; Examplebot/2.1; +http://www.example.com/bot.html)',
  'Mozilla/5.0 (compatible; Samplespider/1.4; +https://spider.example.org/)',
  'example-monitor/3.2',
  'feedreader/0.9 (+https://reader.example.net/about)',
  '-',
];

const REFERERS = [
  'https://www.example.com/',
  'https://www.example.com/blog/',
  'https://www.example.com/products/?page=2',
  'https://search.example.org/?q=winter+garden',
  'https://news.example.net/item?id=48213',
];

export function addresses(random: Random): string[] {
  return Array.from({ length: ADDRESSES }, () => {
    if (random.below(8) === 0) return `2001:db8::${hex(random)}:${hex(random)}`;
    return `${random.pick(NETWORKS)}.${1 + random.below(254)}`;
  });
}

function hex(random: Random): string {
  return (1 + random.below(0xffff)).toString(16);
}

/** Mostly what looks like a browser. */
export function agents(random: Random): string[] {
  const browsers = Array.from({ length: 40 }, () => browser(random));
  return [...browsers, ...PROGRAMS];
}

function browser(random: Random): string {
  const major = 90 + random.below(40);
  const build = `${major}.0.${4000 + random.below(900)}.${random.below(99)}`;
  return `Mozilla/5.0 (${random.pick(SYSTEMS)}) Example/${major}.0 Surfer/${build}`;
}

/** Half of the requests come from nowhere. */
export function referer(random: Random): string {
  return random.below(2) === 0 ? '-' : random.pick(REFERERS);
}
