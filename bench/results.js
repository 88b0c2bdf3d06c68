/** Keeps what a run saw: `results/<date>/`, and never over what is there. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIRECTORY } from './logs.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const RESULTS = join(ROOT, 'bench', 'results');

/**
 * Gives the directory. The second of a day has a 2 after the date.
 * @param {string} text
 * @param {readonly unknown[]} raw
 */
export function keepResults(text, raw) {
  const date = new Date().toISOString().slice(0, 10);
  let directory = join(RESULTS, date);
  for (let number = 2; existsSync(directory); number++) {
    directory = join(RESULTS, `${date}-${number}`);
  }
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'report.md'), withoutPlaces(text));
  const lines = raw.map((value) => `${withoutPlaces(JSON.stringify(value))}\n`);
  writeFileSync(join(directory, 'raw.ndjson'), lines.join(''));
  return directory;
}

/**
 * Where things are on this machine is nobody else's business.
 * @param {string} text
 */
function withoutPlaces(text) {
  return text
    .replaceAll(DIRECTORY, 'logs')
    .replaceAll(process.execPath, 'node')
    .replaceAll(ROOT, '');
}
