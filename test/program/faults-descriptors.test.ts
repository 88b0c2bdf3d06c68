/** No descriptor is free: what cannot be opened is opened later, and each line is counted once. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { said } from '../support/read-back.js';
import { distinctRequests, requests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { begun, killed, SpoolPlace, shows } from '../support/spool-place.js';
import { lacks } from '../support/surroundings.js';

const GOES_ON = 'What the run before counted goes on counting.';
const NO_LOOK = 'The spool directory cannot be looked at; it is tried again.';
const BROKEN =
  'The journal cannot be written; counting goes on, but no file is retired until it can.';
const BACK = 'The journal is written again.';
/** A process of this kind has more than twenty open while it does nothing. */
const FEW = 28;
const DISTINCT = 50_000;

const directory = scratch();

/** What is open stays open. */
function limitDescriptors({ child }: Run, most: number): void {
  execFileSync('prlimit', ['--pid', `${child.pid}`, `--nofile=${most}:`]);
}

describe.skipIf(lacks('prlimit')).concurrent('too few descriptors (needs prlimit)', () => {
  it('for many files: they are read one after the other, and retired', async () => {
    const place = new SpoolPlace(directory());
    const names = Array.from({ length: 300 }, (_, index) => `${index}.log`);
    for (const name of names) place.drop(name, requests(`/${name}`));
    const under = ['prlimit', `--nofile=${FEW}`];
    const first = await begun(run(place.args('--threads', '2'), { under }));
    await place.retired(...names);
    expect(said(first.written.stderr, 'cannot be read at the moment')).toMatchObject([
      { reason: expect.stringContaining('EMFILE') },
    ]);
    await killed(first);
    const second = await place.watch();
    expect(said(second.written.stderr, GOES_ON)).toMatchObject([{ lines: names.length }]);
    const counts = await place.finalCounts(second);
    expect(counts).toEqual(Object.fromEntries(names.map((name) => [`/${name}`, 1])));
  });

  it('to look, to read, and to begin a segment of the journal: all of it comes later', async () => {
    const place = new SpoolPlace(directory());
    const first = await begun(run([...place.args('--top', '3', '--threads', '1'), '-']));
    limitDescriptors(first, 3);
    place.drop('a.log', requests('/a', '/a'));
    await first.until(({ stderr }) => said(stderr, NO_LOOK).length > 0);
    // So much that the journal wants another segment, when there is more to write.
    let lines = DISTINCT;
    first.write(distinctRequests(DISTINCT, 'long/'.repeat(30)));
    await shows(first, ({ total }) => total === lines);
    while (said(first.written.stderr, BROKEN).length === 0) {
      first.write(requests('/a'));
      lines += 1;
      await shows(first, ({ total }) => total === lines);
    }
    expect(place.names).toEqual(['a.log']);

    limitDescriptors(first, 500);
    await place.retired('a.log');
    for (const trouble of [NO_LOOK, BROKEN]) {
      expect(said(first.written.stderr, trouble)).toMatchObject([
        { reason: expect.stringContaining('EMFILE') },
      ]);
    }
    await first.until(({ stderr }) => said(stderr, BACK).length > 0);
    await killed(first);
    const second = await place.watch('--top', '3');
    expect(said(second.written.stderr, GOES_ON)).toMatchObject([{ lines: lines + 2 }]);
    place.drop('b.log', requests('/b', '/b'));
    const { total, distinct, top } = await shows(second, (snapshot) => snapshot.total > lines + 2);
    expect([total, distinct]).toEqual([lines + 4, DISTINCT + 2]);
    expect(top[0]).toEqual({ rank: 1, url: '/a', count: lines + 2 - DISTINCT });
    await killed(second);
  });
});
