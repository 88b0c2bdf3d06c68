// What one slide costs: 300 panes, 1,000,000 live keys, 10,000 of them in each pane that comes and
// in each that goes. Build first; then `node bench/slide.js`.
import { Tally } from '../dist/parser/plain/tally.js';
import { RunningTotals } from '../dist/window/running-totals.js';
import { topKeys } from '../dist/window/top.js';
import { WindowCounts } from '../dist/window/window-counts.js';

const PANES = 300;
const LIVE_KEYS = 1_000_000;
const CHANGED = 10_000;
const SLIDES = 200;

const keys = {
  limit: LIVE_KEYS,
  enroll: () => 0,
  entered() {},
  left() {},
  added() {},
  bytesOf: () => new Uint8Array(),
};
const origin = { name: 'slide', added() {}, acknowledged() {}, memo: () => undefined };
const tally = new Tally();
const totals = new RunningTotals();
const counts = new WindowCounts(keys, 8 * LIVE_KEYS);
const random = linearCongruential(1);
/** @type {Record<string, number[]>} */
const times = {
  add: [],
  seal: [],
  expire: [],
  top: [],
  slide: [],
  'top 100,000': [],
};

fill();
for (let slide = 1; slide <= SLIDES; slide++) {
  const answer = answerOf(Uint32Array.from({ length: CHANGED }, () => random() % LIVE_KEYS));
  time('add', () => counts.add(answer, totals));
  time('seal', () => counts.seal(PANES + slide));
  time('expire', () => counts.expire(slide));
  time('top', () => topKeys(counts, 10));
  times.slide.push(sumOfLast('seal', 'expire', 'top'));
  if (slide % 20 === 0) time('top 100,000', () => topKeys(counts, 100_000));
}
if (process.argv.includes('--json')) printJson();
else print();

function print() {
  for (const [name, all] of Object.entries(times)) {
    const { median, most, worst } = summary(all);
    const figures = `median ${median.toFixed(3)}  90 % ${most.toFixed(3)}  worst ${worst.toFixed(3)}`;
    console.log(name.padEnd(12), figures);
  }
  console.log('live keys', counts.distinct, 'cells', counts.cells, 'node', process.version);
}

function printJson() {
  const all = Object.entries(times).map(([name, numbers]) => [name, summary(numbers)]);
  console.log(JSON.stringify(Object.fromEntries(all)));
}

/** All keys in the newest pane, which never expires here, and 10,000 of them in each one before. */
function fill() {
  for (let pane = 1; pane < PANES; pane++) {
    const lines = Uint32Array.from({ length: CHANGED }, () => random() % LIVE_KEYS);
    counts.add(answerOf(lines), totals);
    counts.seal(pane);
  }
  counts.add(answerOf(Uint32Array.from({ length: LIVE_KEYS }, (_, key) => key)), totals);
  counts.seal(PANES);
}

/** An answer of the parser with these keys, one a line. */
function answerOf(/** @type {Uint32Array} */ keys) {
  tally.take(keys, LIVE_KEYS);
  const { counts, other, rejected } = tally;
  const nothing = new Uint8Array();
  const batch = /** @type {const} */ ({ kind: 'lines', origin, start: 0, end: 0, bytes: nothing });
  const copy = Uint32Array.from(counts);
  return {
    batch,
    bytes: nothing,
    lines: keys.length,
    counts: copy,
    other,
    rejected,
    keys: () => keys,
  };
}

/** @param {string} name @param {() => void} work */
function time(name, work) {
  const begin = performance.now();
  work();
  times[name].push(performance.now() - begin);
}

/** What the boundary takes is what its parts took. */
/** @param {...string} names */
function sumOfLast(...names) {
  return names.reduce((sum, name) => sum + (times[name].at(-1) ?? 0), 0);
}

/** @param {number[]} all */
function summary(all) {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ part) => sorted[Math.floor(part * (sorted.length - 1))];
  return { median: at(0.5), most: at(0.9), worst: at(1) };
}

/** @param {number} seed */
function linearCongruential(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
