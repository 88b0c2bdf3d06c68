/**
 * The logs to measure with. They are made once and kept in the directory for temporary files, under
 * names that say what they are; a change to what makes them makes new ones.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DEFAULTS, logLines } from './log-lines.js';

/** @typedef {import('./log-lines.js').LogOptions} LogOptions */

/** A longer log is this many lines, again and again: the same keys, and made in seconds. */
const BASE_LINES = 2_000_000;
const BYTES_A_LINE = 200;
const GB = 1e9;

export const DIRECTORY = join(tmpdir(), 'logwin-bench', fingerprint());

/**
 * @param {number} lines
 * @param {Partial<LogOptions>} options
 * @returns {LogOptions}
 */
export function log(lines, options = {}) {
  return { ...DEFAULTS, ...options, lines };
}

/**
 * Where the log is, once it is made.
 * @param {LogOptions} options
 */
export function pathOf({ lines, urls, skew, odd, quotes, even, seed }) {
  const kind = even ? 'even' : `skew${skew}`;
  const name = `${lines}-urls${urls}-${kind}-odd${odd}-quotes${quotes}-seed${seed}.log`;
  return join(DIRECTORY, name);
}

/**
 * Makes the logs that are not there yet.
 * @param {readonly LogOptions[]} wanted
 * @param {(text: string) => void} say
 */
export async function makeLogs(wanted, say) {
  mkdirSync(DIRECTORY, { recursive: true });
  const missing = wanted
    .flatMap((one) => (isLong(one) ? [one, ...piecesOf(one)] : [one]))
    .filter((one) => !existsSync(pathOf(one)))
    .filter((one, index, all) => all.findIndex((two) => pathOf(two) === pathOf(one)) === index)
    .sort((one, other) => one.lines - other.lines);
  demandSpace(missing.reduce((sum, { lines }) => sum + lines, 0) * BYTES_A_LINE);
  for (const options of missing) {
    say(`making ${pathOf(options)}`);
    const part = `${pathOf(options)}.part`;
    if (isLong(options)) await putTogether(options, part);
    else write(options, part);
    renameSync(part, pathOf(options));
  }
  // What is still to be written to the disk would be written while something is measured.
  if (missing.length > 0) spawnSync('sync');
}

/** @param {LogOptions} options */
function isLong({ lines }) {
  return lines > BASE_LINES;
}

/**
 * What a long log is put together from. The shorter piece at its end begins as the others do.
 * @param {LogOptions} options
 */
function piecesOf(options) {
  const pieces = Array.from({ length: Math.ceil(options.lines / BASE_LINES) }, (_, number) =>
    Math.min(BASE_LINES, options.lines - number * BASE_LINES),
  );
  return pieces.map((lines) => ({ ...options, lines }));
}

/** @param {LogOptions} options @param {string} path */
function write(options, path) {
  const file = openSync(path, 'w');
  try {
    for (const second of logLines(options)) appendFileSync(file, second);
  } finally {
    closeSync(file);
  }
}

/** @param {LogOptions} options @param {string} path */
async function putTogether(options, path) {
  writeFileSync(path, '');
  for (const piece of piecesOf(options)) {
    await pipeline(createReadStream(pathOf(piece)), createWriteStream(path, { flags: 'a' }));
  }
}

/** @param {number} bytes */
function demandSpace(bytes) {
  const { bavail, bsize } = statfsSync(DIRECTORY);
  if (bavail * bsize >= bytes) return;
  const [needed, free] = [bytes, bavail * bsize].map((size) => (size / GB).toFixed(1));
  throw new Error(
    `The logs need ${needed} GB in ${DIRECTORY}, where ${free} GB are free. ` +
      'TMPDIR names another directory; logs of earlier versions beside this one can be deleted.',
  );
}

/** Of what makes the logs. */
function fingerprint() {
  const hash = createHash('sha256');
  const traffic = new URL('../dist/traffic/', import.meta.url);
  for (const name of readdirSync(traffic).filter((file) => file.endsWith('.js'))) {
    hash.update(readFileSync(new URL(name, traffic)));
  }
  for (const name of ['log-lines.js', 'odd-quotes.js']) {
    hash.update(readFileSync(new URL(name, import.meta.url)));
  }
  return hash.digest('hex').slice(0, 8);
}
