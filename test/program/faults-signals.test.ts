/** Ends, and halts, in the middle of a large file: what was counted is recorded, the rest comes later. */
import { closeSync, linkSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { said, snapshotsIn } from '../support/read-back.js';
import { distinctRequests, requests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { eventually, scratch } from '../support/scratch.js';
import { shell } from '../support/shell.js';
import { begun, endedWith0, killed, SpoolPlace, shows } from '../support/spool-place.js';
import { stall } from '../support/stalled.js';
import { lacks } from '../support/surroundings.js';

const GOES_ON = 'What the run before counted goes on counting.';
const KEYS = 200;
const TIMES = 5000;
const LINES = KEYS * TIMES;
const EACH = Object.fromEntries(Array.from({ length: KEYS }, (_, key) => [`/page-${key}`, TIMES]));
/** A snapshot of these is larger than a pipe. */
const MANY_KEYS = 2000;
/** With so much to compare of each line, and with this parser, the large file takes its time. */
const BY = ['--by', 'url,host,agent,referer,time,status,size,method,protocol,user'];
const SLOW = { LOGWIN_KERNEL: 'plain' };

const directory = scratch();
let large = '';

beforeAll(() => {
  large = join(directory(), 'large.log');
  const file = openSync(large, 'w');
  const text = Buffer.from(distinctRequests(KEYS).repeat(10));
  for (let times = 0; times < TIMES; times += 10) writeSync(file, text);
  closeSync(file);
});

/** Names the large file in the spool directory. */
function dropLarge(place: SpoolPlace): void {
  linkSync(large, place.path('large.log'));
}

/** A run that is in the middle of the large file. */
async function midway(place: SpoolPlace, ...args: readonly string[]): Promise<Run> {
  const options = [...BY, '--output', 'tsv', '--top', '1', ...args];
  const logwin = await begun(run(place.args(...options), { env: SLOW }));
  dropLarge(place);
  // There is no row before there are lines.
  await logwin.until(({ stdout }) => stdout !== '');
  return logwin;
}

/** How many lines the journal holds by what the run says that goes on from it. */
function restoredLines({ written }: Run): unknown {
  return said(written.stderr, GOES_ON)[0]?.lines;
}

describe.concurrent('in the middle of a large file', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    '%s: all that was counted is recorded, and nothing else',
    async (signal) => {
      const place = new SpoolPlace(directory());
      const first = await midway(place, '--window', 'all');
      const { stderr } = await endedWith0(first, signal);
      const { lines, counted } = said(stderr, 'The run has ended.')[0];
      expect(counted).toBe(lines);
      expect(lines).toBeGreaterThan(0);
      expect(lines).toBeLessThan(LINES);
      expect(place.names).toEqual(['large.log']);
      const second = await place.watch('--window', 'all', ...BY);
      expect(restoredLines(second)).toBe(lines);
      await place.retired('large.log');
      expect(await place.finalCounts(second)).toEqual(EACH);
    },
  );

  it('a second signal ends it at once, and nothing is lost or counted twice', async () => {
    const place = new SpoolPlace(directory());
    const first = await midway(place);
    // Both are there when it wakes, so it has no time for the gentle end.
    for (const signal of ['SIGSTOP', 'SIGTERM', 'SIGINT', 'SIGCONT'] as const) first.kill(signal);
    const { code, stderr } = await first.exited;
    expect([128 + 2, 128 + 15]).toContain(code);
    expect(said(stderr, 'The run has ended.')).toEqual([]);
    const second = await place.watch(...BY);
    expect(restoredLines(second)).toBeLessThan(LINES);
    await place.retired('large.log');
    expect(await place.finalCounts(second)).toEqual(EACH);
  });

  it.skipIf(lacks('bash'))(
    'a pipe that is closed ends it with 0, and all is recorded (needs bash)',
    async () => {
      const place = new SpoolPlace(directory());
      dropLarge(place);
      const command = `logwin ${place.args(...BY, '--output', 'tsv').join(' ')}`;
      const script = `${command} | head -1; echo "\${PIPESTATUS[0]}"`;
      const { stdout, stderr } = await shell(script, { cwd: place.base, env: SLOW });
      expect(stdout).toMatch(/^\S+\t1\t\d+\t\/page-\d+\t.*\n0\n$/);
      const { lines } = said(stderr, 'The run has ended.')[0];
      const second = await place.watch(...BY);
      expect(restoredLines(second)).toBe(lines);
      await place.retired('large.log');
      expect(await place.finalCounts(second)).toEqual(EACH);
    },
  );
});

describe.skipIf(lacks('bash', 'mkfifo')).concurrent('a reader that sleeps (needs bash)', () => {
  it('does not keep anything from being recorded', async () => {
    const place = new SpoolPlace(directory());
    const stalled = stall(`logwin ${place.args().join(' ')}`, place.base);
    place.drop('a.log', distinctRequests(MANY_KEYS));
    await stalled.begun();
    place.drop('b.log', distinctRequests(MANY_KEYS));
    await place.retired('a.log', 'b.log');
    process.kill(await stalled.pid(), 'SIGKILL');
    expect(await stalled.ended(10_000)).toBe(128 + 9);
    stalled.wake();
    const logwin = await place.watch();
    expect(restoredLines(logwin)).toBe(2 * MANY_KEYS);
    const counts = await place.finalCounts(logwin);
    expect(new Set(Object.values(counts))).toEqual(new Set([2]));
    expect(Object.keys(counts)).toHaveLength(MANY_KEYS);
  });
});

describe.concurrent('a process that is stopped', () => {
  it('shows every boundary that it slept through, and counts what came meanwhile', async () => {
    const SLIDE = 200;
    const place = new SpoolPlace(directory());
    const logwin = await place.watch('--slide', `${SLIDE}ms`);
    place.drop('a.log', requests('/a'));
    await shows(logwin, ({ total }) => total === 1);
    logwin.kill('SIGSTOP');
    place.drop('b.log', requests('/b', '/b'));
    const stopped = Date.now();
    await eventually(() => Date.now() > stopped + 5 * SLIDE);
    logwin.kill('SIGCONT');
    await place.retired('a.log', 'b.log');
    await killed(logwin);

    const { stdout, stderr } = logwin.written;
    const ends = snapshotsIn(stdout).map(({ end }) => Date.parse(end));
    const boundaries = (ends[ends.length - 1] - ends[0]) / SLIDE + 1;
    // One that another overtook before it was written is said to be dropped.
    const dropped = said(stderr, 'Snapshots were dropped').map(({ snapshots }) =>
      Number(snapshots),
    );
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    expect(dropped.reduce((sum, snapshots) => sum + snapshots, 0)).toBe(boundaries - ends.length);
    expect(boundaries).toBeGreaterThanOrEqual(5);
    expect(said(stderr, 'clock')).toEqual([]);
    const next = await place.watch('--slide', `${SLIDE}ms`);
    expect(restoredLines(next)).toBe(3);
    expect(await place.finalCounts(next)).toEqual({ '/a': 1, '/b': 2 });
  });
});
