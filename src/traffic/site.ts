/** An invented site: its URLs, most asked for first, and what its server answers. */
import type { Random } from './random.js';

/** What every site has, in the order in which it is asked for. */
const FIXED = [
  '/',
  '/wp-login.php',
  '/robots.txt',
  '/favicon.ico',
  '/blog/',
  '/assets/site.css?v=20260114',
  '/assets/app.js?v=20260114',
  '/products/',
  '/xmlrpc.php',
  '/search?q=lamp',
  '/cart',
  '/feed/',
  '/about',
  '/sitemap.xml',
];

const TOPICS = ['garden', 'kitchen', 'winter', 'travel', 'paper', 'stone', 'music', 'river'];
const KINDS = ['guide', 'notes', 'stories', 'ideas', 'review', 'answers', 'letters'];
const GOODS = ['lamp', 'chair', 'kettle', 'blanket', 'clock', 'teapot', 'basket', 'shelf'];
const COLOURS = ['red', 'green', 'blue', 'white', 'black', 'yellow', 'grey'];

/** `count` different URLs. */
export function siteUrls(count: number, random: Random): string[] {
  const urls = FIXED.slice(0, count);
  for (let number = 1; urls.length < count; number += 1) urls.push(pageUrl(number, random));
  return urls;
}

/** The number is part of every URL, so no two are the same. */
function pageUrl(number: number, random: Random): string {
  switch (random.below(5)) {
    case 0:
      return `/blog/2026/${random.pick(TOPICS)}-${random.pick(KINDS)}-${number}/`;
    case 1:
      return `/products/${random.pick(COLOURS)}-${random.pick(GOODS)}-${number}`;
    case 2:
      return `/assets/images/${random.pick(GOODS)}-${number}.jpg?w=${640 + 160 * random.below(5)}`;
    case 3:
      return `/products/?colour=${random.pick(COLOURS)}&page=${number}`;
    default:
      return `/blog/tag/${random.pick(TOPICS)}/page/${number}/`;
  }
}

/** A request for `url` as the log has it, with the answer's status and size. */
export function exchange(url: string, random: Random): string {
  if (url.endsWith('.php')) return `"POST ${url} HTTP/1.1" 200 ${370 + random.below(4)}`;
  const method = random.below(50) === 0 ? 'HEAD' : 'GET';
  const protocol = random.below(4) === 0 ? 'HTTP/2.0' : 'HTTP/1.1';
  return `"${method} ${url} ${protocol}" ${answer(random)}`;
}

function answer(random: Random): string {
  const share = random.below(100);
  if (share < 86) return `200 ${300 + random.below(48_000)}`;
  if (share < 92) return '304 -';
  if (share < 95) return `301 ${230 + random.below(40)}`;
  if (share < 99) return `404 ${190 + random.below(300)}`;
  return '500 532';
}
