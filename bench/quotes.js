/**
 * Time per line is linear in its length, on the complete path too: a line of two million quotes
 * takes about twice as long as one of a million. Needs a build.
 *
 *   node bench/quotes.js
 */
import { createCaptures } from '../dist/parser/captures.js';
import { matchCombined } from '../dist/parser/combined-line.js';

const QUOTES = 1_000_000;
const RUNS = 9;
const START = 'h - - [t] "GET / HTTP/1.1" 200 5 ';
const PIECES = ['"', '" "', '"1 a "', '] "', '" 1 ', '"1 a', '"\t\t\t', '" 1 "'];

/**
 * Ends in a quote, so that every step of the match has its turn.
 * @param {string} piece
 * @param {number} quotes
 */
function lineOf(piece, quotes) {
  const repeats = Math.round(quotes / (piece.match(/"/g)?.length ?? 1));
  return Buffer.from(`${START}${piece.repeat(repeats)}x"`, 'latin1');
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}

/** @param {Buffer} line */
function milliseconds(line) {
  const captures = createCaptures();
  return median(
    Array.from({ length: RUNS }, () => {
      const start = performance.now();
      matchCombined(line, 0, line.length, captures);
      return performance.now() - start;
    }),
  );
}

for (const piece of PIECES) {
  const one = milliseconds(lineOf(piece, QUOTES));
  const two = milliseconds(lineOf(piece, 2 * QUOTES));
  const ratio = (two / one).toFixed(2);
  console.log(
    `${JSON.stringify(piece).padEnd(12)} ${one.toFixed(2)} ms, ${two.toFixed(2)} ms: ${ratio} times`,
  );
}
