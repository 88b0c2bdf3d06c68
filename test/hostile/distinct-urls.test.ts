/** A million URLs within one window cost no more memory than --max-keys allows, and all are counted. */
import { type ChildProcess, spawn } from 'node:child_process';
import {
  createWriteStream,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { requests } from '../support/requests.js';
import { PROGRAM } from '../support/run.js';
import { eventually, scratch } from '../support/scratch.js';
import { sum } from './corpus.js';
import { canMeasure, MOST_MEMORY, peakOf } from './cost.js';
import { READERS } from './read-formats.js';

const LINES = 1_000_000;
const KEYS = 100_000;
const AT_ONCE = 1000;

/** For all that is printed meanwhile, on a machine that has other things to do. */
const PATIENCE = 40_000;

/** A row of the output has more. */
const ROW_BYTES = 50;

/** Where each snapshot has all rows, they and their text come on top, and those of the one before. */
const MOST_WITH_ALL_ROWS = 300e6;

const directory = scratch();
let log: string;

/** A line of about a hundred bytes for each URL, of which only some are in memory at a time. */
function* lines(): Generator<string> {
  for (let from = 0; from < LINES; from += AT_ONCE) {
    const ids = Array.from({ length: AT_ONCE }, (_, line) => from + line);
    yield requests(...ids.map((id) => `/page/${id}?session=${Math.imul(id, 0x9e3779b1) >>> 0}`));
  }
}

/** Writes to files: so much would take longer through the pipes of a test. */
function watching(cwd: string, args: readonly string[]): ChildProcess {
  const [out, err] = ['out', 'err'].map((name) => openSync(join(cwd, name), 'w'));
  const child = spawn(process.execPath, [PROGRAM, 'watch', 'spool', ...args], {
    cwd,
    stdio: ['ignore', out, err],
    timeout: 3 * PATIENCE,
  });
  // Also where the test fails: nobody else would end it.
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** The lines of the last snapshot: those of its time. */
function lastOf(text: string): string {
  const [time] = text.slice(text.lastIndexOf('\n', text.length - 2) + 1).split('\t');
  return text.slice(text.indexOf(time));
}

describe.skipIf(!canMeasure)('a million distinct URLs (needs Linux)', () => {
  beforeAll(async () => {
    log = join(directory(), 'log');
    await pipeline(Readable.from(lines()), createWriteStream(log));
  });

  it.each([
    ['10', 10, MOST_MEMORY],
    ['0', KEYS, MOST_WITH_ALL_ROWS],
  ])('in a window, shown with --top %s', { timeout: 3 * PATIENCE }, async (top, shown, most) => {
    const cwd = directory();
    const path = (name: string): string => join(cwd, name);
    mkdirSync(path('spool'));
    linkSync(log, path('log'));
    const bounds = ['--max-keys', String(KEYS), '--top', top, '--slide', '2', '-o', 'tsv'];
    const logwin = watching(cwd, bounds);
    const ended = new Promise((resolve) => logwin.once('close', resolve));
    const said = (part: string) => readFileSync(path('err'), 'utf8').includes(part);
    await eventually(() => said('Watching begins'));
    renameSync(path('log'), path('spool/log'));
    await eventually(() => said('A file is finished'), PATIENCE);
    // Two more snapshots, with all that there is.
    const { size } = statSync(path('out'));
    await eventually(() => statSync(path('out')).size > size + 2 * shown * ROW_BYTES, PATIENCE);
    const peak = peakOf(logwin.pid);
    logwin.kill('SIGTERM');
    await ended;
    const { rows, other } = READERS.tsv(lastOf(readFileSync(path('out'), 'utf8')), ['url']);
    expect(rows).toHaveLength(shown);
    expect(other).toBe(LINES - KEYS);
    expect(sum(rows.map(([, count]) => count))).toBe(shown);
    expect(peak).toBeLessThan(most);
  });
});
