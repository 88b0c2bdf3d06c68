/**
 * `npm run test:soak`: ten minutes under a load. Ten thousand small files and one of 2 GB come in,
 * and the reader of standard output is slow; in the middle it is restarted, later it is killed. What
 * comes out is what went in, and in the end each process holds what it held after its first minute.
 *
 * `LOGWIN_SOAK_MINUTES` makes all of it smaller in proportion, and proves less: what a process needs
 * shows only after a while.
 */
import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { lacks } from '../support/surroundings.js';
import { wrongCounts } from './aftermath.js';
import type { Exit } from './daemon.js';
import { Soak } from './soak.js';

const FULL_MINUTES = 10;
const SEED = Number(process.env.LOGWIN_CRASH_SEED ?? Date.now() % 1e9);
const MINUTES = Number(process.env.LOGWIN_SOAK_MINUTES ?? FULL_MINUTES);
const SHARE = MINUTES / FULL_MINUTES;
const DURATION = MINUTES * 60_000;

const SMALL_FILES = Math.ceil(10_000 * SHARE);
const LARGE_BYTES = 2e9 * SHARE;
/** Comes at the start of each run, so that the first minute has seen what a large file needs. */
const MIDDLE_BYTES = 72e6;
const SPACE = LARGE_BYTES + 1e9;

const FIRST_MINUTE = 60_000 * SHARE;
/** Milliseconds after which it reads what was dropped, and has not come to its end. */
const READING = 50;
/** For all that there is to wait for beside the load. */
const PATIENCE = 15 * 60_000;

/** How much more resident memory is no growth: this share, or so many bytes. */
const GROWTH = 1.15;
const NOISE = 20e6;
const FILES_NOISE = 5;

it.skipIf(process.platform !== 'linux' || lacks('mkfifo'))(
  `${SMALL_FILES} small files and a large one in ${MINUTES} minutes (seed ${SEED}; needs Linux)`,
  async () => {
    checkSpace();
    const soak = new Soak(SEED);
    try {
      await soakAll(soak);
      checkCounts(soak);
    } finally {
      process.stderr.write(reportOf(soak));
      soak.end();
    }
  },
  DURATION + PATIENCE,
);

function checkSpace(): void {
  const { bavail, bsize } = statfsSync(tmpdir());
  const free = bavail * bsize;
  if (free < SPACE) throw new Error(`${tmpdir()} has ${free} bytes free, and ${SPACE} are needed`);
}

function checkCounts(soak: Soak): void {
  const { expected, names } = soak.load;
  expect.soft(wrongCounts(soak.newest, expected)).toEqual([]);
  expect.soft(soak.names()).toEqual(names.map((name) => `${name}.COMPLETED`).sort());
  expect.soft(soak.stateNames().filter((name) => !/^journal\.\d+$/.test(name))).toEqual([]);
}

async function soakAll(soak: Soak): Promise<void> {
  const { load } = soak;
  const begun = performance.now();
  const passed = (share: number) =>
    pause(Math.max(0, begun + share * DURATION - performance.now()));
  const small = load.dropSmall(SMALL_FILES, DURATION);
  await load.dropLarge('first.log', MIDDLE_BYTES);
  await holdsNoMore(soak, async () => {
    await passed(0.3);
    await load.dropLarge('large.log', LARGE_BYTES);
    await passed(0.5);
  });
  expect(await interrupted(soak, 'second.log', 'SIGTERM')).toEqual({ code: 0, signal: null });
  soak.restart();
  await holdsNoMore(soak, () => passed(0.75));
  expect(await interrupted(soak, 'third.log', 'SIGKILL')).toEqual({
    code: null,
    signal: 'SIGKILL',
  });
  soak.restart();
  await holdsNoMore(soak, () => passed(1));
  await small;
  await soak.untilAllIsCounted().catch((error: unknown) => {
    throw new Error([error, ...wrongCounts(soak.newest, load.expected)].join('\n'));
  });
  expect(await soak.stop('SIGTERM')).toEqual({ code: 0, signal: null });
}

/** After that the process holds what it held after its first minute. */
async function holdsNoMore(soak: Soak, load: () => Promise<void>): Promise<void> {
  await soak.age(FIRST_MINUTE);
  const early = await soak.atRest();
  await load();
  const late = await soak.atRest();
  const most = Math.max(early.resident * GROWTH, early.resident + NOISE);
  expect.soft(late.resident).toBeLessThan(most);
  expect.soft(Math.abs(late.files - early.files)).toBeLessThanOrEqual(FILES_NOISE);
}

/** While it reads a file, which the next run goes on with. */
async function interrupted(soak: Soak, name: string, signal: NodeJS.Signals): Promise<Exit> {
  await soak.load.dropLarge(name, MIDDLE_BYTES);
  await pause(READING);
  return soak.stop(signal);
}

function reportOf({ load, samples }: Soak): string {
  const { lines, rejected } = load.expected;
  const sums = `${load.names.length} files, ${lines} lines, ${rejected} of them to be rejected`;
  const runs = samples.map((run, at) => `run ${at}:\n  ${run}`);
  return [`Soak of ${MINUTES} minutes, seed ${SEED}: ${sums}`, ...runs, ''].join('\n');
}
