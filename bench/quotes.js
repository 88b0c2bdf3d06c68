/**
 * Time per line is linear in its length, on the complete path too: a line of two million quotes
 * takes about twice as long as one of a million. Needs a build.
 *
 *   node bench/quotes.js
 */
import { readFileSync } from 'node:fs';
import { createMemory, Kernel } from '../dist/parser/kernel/kernel.js';
import { layOut, SEED_BYTES } from '../dist/parser/kernel/layout.js';
import { createCaptures } from '../dist/parser/plain/captures.js';
import { matchCombined } from '../dist/parser/plain/combined-line.js';

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

const LONGEST = 64 << 20;

/** @type {Record<string, (line: Buffer) => () => void>} */
const PARSERS = { plain: preparePlain, kernel: prepareKernel() };

/** @param {Buffer} line */
function preparePlain(line) {
  const captures = createCaptures();
  return () => void matchCombined(line, 0, line.length, captures);
}

function prepareKernel() {
  const bounds = { maxLine: LONGEST, maxKeys: 1000, maxKeyBytes: LONGEST };
  const layout = layOut({ ...bounds, bufferSize: LONGEST, buffers: 1, fields: 1 });
  const module = new WebAssembly.Module(
    readFileSync(new URL('../dist/parser/kernel/kernel.wasm', import.meta.url)),
  );
  const kernel = new Kernel({
    module,
    memory: createMemory(layout),
    layout,
    options: { ...bounds, by: ['url'] },
    seed: new Uint8Array(SEED_BYTES),
  });
  return (/** @type {Buffer} */ line) => {
    const at = kernel.stage(line);
    const [answers] = layout.answers;
    const [tally] = layout.tallies;
    return () => void kernel.parse(at, at + line.length, answers, tally);
  };
}

/** @param {() => void} parse */
function milliseconds(parse) {
  return median(
    Array.from({ length: RUNS }, () => {
      const start = performance.now();
      parse();
      return performance.now() - start;
    }),
  );
}

for (const [parser, prepare] of Object.entries(PARSERS)) {
  for (const piece of PIECES) {
    const one = milliseconds(prepare(lineOf(piece, QUOTES)));
    const two = milliseconds(prepare(lineOf(piece, 2 * QUOTES)));
    const times = `${one.toFixed(2)} ms, ${two.toFixed(2)} ms`;
    console.log(
      `${parser.padEnd(7)} ${JSON.stringify(piece).padEnd(12)} ${times}: ${(two / one).toFixed(2)} times`,
    );
  }
}
