/** A disk without room under the journal: nothing is lost, and nothing is retired until it has some. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemCode } from '../../src/core/errors.js';
import { cannotMount, mounting, SMALL_DISK } from '../support/mounts.js';
import { recordsIn, said } from '../support/read-back.js';
import { distinctRequests } from '../support/requests.js';
import { run, runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { begun, killed, SpoolPlace, shows } from '../support/spool-place.js';

const BROKEN =
  'The journal cannot be written; counting goes on, but no file is retired until it can.';
const BACK = 'The journal is written again.';
const GOES_ON = 'What the run before counted goes on counting.';
/** Their record takes more than one block of the disk. */
const LINES = 500;

const directory = scratch();
const mounted = mounting();

/** A spool directory that has a small disk for itself. */
async function placeOnDisk(): Promise<SpoolPlace> {
  const base = directory();
  return new SpoolPlace(base, await mounted(SMALL_DISK, base));
}

/** Takes all the room that there is. */
function fill(path: string): void {
  const block = Buffer.alloc(4096, 1);
  try {
    for (;;) writeFileSync(path, block, { flag: 'a' });
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error;
  }
}

describe.skipIf(cannotMount(SMALL_DISK)).concurrent('a full disk (needs unshare)', () => {
  it('under the journal keeps files from being retired, and nothing else', async () => {
    const place = new SpoolPlace(directory());
    mkdirSync(join(place.base, 'disk'));
    const state = await mounted(SMALL_DISK, join(place.base, 'disk'));
    const first = await place.watch('--state', state);
    place.drop('a.log', distinctRequests(LINES, 'a-'));
    await place.retired('a.log');

    fill(join(state, 'others'));
    place.drop('b.log', distinctRequests(LINES, 'b-'));
    await first.until(({ stderr }) => said(stderr, BROKEN).length > 0);
    place.drop('c.log', distinctRequests(LINES, 'c-'));
    // Two more seconds, in each of which it is tried.
    const { end } = await shows(first, ({ total }) => total === 3 * LINES);
    await shows(first, (snapshot) => Date.parse(snapshot.end) >= Date.parse(end) + 2000);
    expect(place.names).toEqual(['a.log.COMPLETED', 'b.log', 'c.log']);
    expect(said(first.written.stderr, BROKEN)).toMatchObject([
      { level: 50, directory: state, reason: expect.stringContaining('ENOSPC') },
    ]);
    expect(said(first.written.stderr, BACK)).toEqual([]);

    rmSync(join(state, 'others'));
    await place.retired('a.log', 'b.log', 'c.log');
    await first.until(({ stderr }) => said(stderr, BACK).length > 0);
    const news = recordsIn(first.written.stderr).filter((record) => record.directory === state);
    expect(news.slice(1)).toMatchObject([{ msg: BROKEN }, { msg: BACK, level: 30 }]);
    await killed(first);

    const second = await place.watch('--state', state);
    expect(said(second.written.stderr, GOES_ON)).toMatchObject([{ lines: 3 * LINES }]);
    const counts = Object.values(await place.finalCounts(second));
    expect(counts).toEqual(Array.from({ length: 3 * LINES }, () => 1));
  });

  it('under a run that is killed: the next one reads what is in no record', async () => {
    const place = await placeOnDisk();
    const first = await place.watch();
    place.drop('a.log', distinctRequests(LINES, 'a-'));
    await place.retired('a.log');
    place.drop('b.log', distinctRequests(LINES, 'b-'));
    fill(place.path('.others'));
    await first.until(({ stderr }) => said(stderr, BROKEN).length > 0);
    await killed(first);

    // There is no room for the lock either.
    const second = await begun(run(place.args(), { env: { TMPDIR: place.base } }));
    expect(said(second.written.stderr, GOES_ON)).toMatchObject([{ lines: LINES }]);
    await shows(second, ({ total }) => total === 2 * LINES);
    expect(said(second.written.stderr, BROKEN)).toHaveLength(1);
    const third = await runToEnd(place.args(), { env: { TMPDIR: place.base } });
    expect([third.code, third.stderr]).toEqual([
      3,
      expect.stringContaining(`(pid ${second.child.pid})`),
    ]);
    rmSync(place.path('.others'));
    await place.retired('a.log', 'b.log');
    const counts = Object.values(await place.finalCounts(second));
    expect(counts).toEqual(Array.from({ length: 2 * LINES }, () => 1));
    expect(place.segments()).toHaveLength(1);
  });
});
