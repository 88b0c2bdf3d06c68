/** The spool directory goes away under a run, with the journal and the lock in it, and comes back. */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordsIn, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Run, run, runToEnd } from '../support/run.js';
import { eventually, scratch } from '../support/scratch.js';
import { begun, killed, SpoolPlace, shows } from '../support/spool-place.js';

const GOES_ON = 'What the run before counted goes on counting.';
const GONE = 'The spool directory has gone away; it is waited for.';
const NO_LOOK = 'The spool directory cannot be looked at; it is tried again.';
const BROKEN =
  'The journal cannot be written; counting goes on, but no file is retired until it can.';
const BACK = 'The journal is written again.';

const directory = scratch();

/** Somebody may be making `.logwin` at that moment. */
function remove(path: string): void {
  rmSync(path, { recursive: true, maxRetries: 5 });
}

async function expectHeld(place: SpoolPlace, logwin: Run): Promise<void> {
  const { code, stderr } = await runToEnd(['watch', place.spool, '--no-state']);
  expect([code, stderr]).toEqual([3, expect.stringContaining(`(pid ${logwin.child.pid})`)]);
}

function lockOf(place: SpoolPlace): string {
  return readFileSync(join(place.state, 'lock'), 'latin1');
}

describe.concurrent('the spool directory', () => {
  it.each([
    ['at once', async () => {}],
    [
      'after it was missed',
      (logwin: Run) => logwin.until(({ stderr }) => said(stderr, GONE).length > 0),
    ],
  ])(
    'is removed and made again %s: all goes on, and nothing is counted twice',
    async (_, missed) => {
      const place = new SpoolPlace(directory());
      const first = await place.watch();
      place.drop('a.log', requests('/a'));
      await place.retired('a.log');
      remove(place.spool);
      await missed(first);
      mkdirSync(place.spool);
      place.drop('a.log', requests('/a', '/b'));
      await place.retired('a.log');
      await expectHeld(place, first);
      expect(lockOf(place)).toContain(`${first.child.pid} `);
      expect(readdirSync(place.state).sort()).toEqual([expect.stringMatching(/^journal/), 'lock']);
      await first.until(({ stderr }) => said(stderr, BACK).length > 0);
      await killed(first);

      const second = await place.watch();
      expect(said(second.written.stderr, GOES_ON)).toMatchObject([{ lines: 3 }]);
      expect(await place.finalCounts(second)).toEqual({ '/a': 2, '/b': 1 });
    },
  );

  it('is removed with a file that is being written: what is still written is counted', async () => {
    const place = new SpoolPlace(directory());
    const logwin = await place.watch('--settle', '1h');
    place.drop('a.log', requests('/a'));
    await shows(logwin, ({ total }) => total === 1);
    const file = openSync(place.path('a.log'), 'a');
    remove(place.spool);
    writeSync(file, requests('/b'));
    closeSync(file);
    mkdirSync(place.spool);
    await shows(logwin, ({ total }) => total === 2);
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 1, '/b': 1 });
  });

  it('is made again and has another run by then: that is left alone until it ends', async () => {
    const place = new SpoolPlace(directory());
    const first = await begun(run([...place.args(), '-']));
    place.drop('a.log', requests('/a'));
    await place.retired('a.log');
    // So that it sees nothing of what happens.
    first.kill('SIGSTOP');
    remove(place.spool);
    mkdirSync(place.spool);
    const second = await place.watch();
    place.drop('b.log', requests('/b'));
    await place.retired('b.log');
    const journal = place.segments();

    first.kill('SIGCONT');
    first.write(requests('/input'));
    for (const trouble of [BROKEN, NO_LOOK]) {
      await first.until(({ stderr }) => said(stderr, trouble).length > 0);
    }
    expect(said(first.written.stderr, NO_LOOK)).toMatchObject([
      { reason: expect.stringContaining(`another logwin (pid ${second.child.pid})`) },
    ]);
    place.drop('c.log', requests('/c'));
    await place.retired('b.log', 'c.log');
    // It is tried every second.
    const { end } = await shows(first, ({ total }) => total === 2);
    await shows(first, (snapshot) => Date.parse(snapshot.end) >= Date.parse(end) + 2000);
    expect(said(first.written.stderr, BACK)).toEqual([]);
    expect(place.segments()).toEqual(journal);
    expect(lockOf(place)).toContain(`${second.child.pid} `);
    expect(recordsIn(second.written.stderr).filter(({ level }) => level > 40)).toEqual([]);
    await killed(second);
    expect(await place.finalCounts(first)).toEqual({ '/a': 1, '/input': 1 });
    expect(said(first.written.stderr, BACK)).toHaveLength(1);
  });
});

describe.concurrent('the journal alone', () => {
  it('is removed: it is made again, with all that is known', async () => {
    const place = new SpoolPlace(directory());
    const first = await place.watch('--settle', '1h');
    place.drop('a.log', requests('/a'));
    await place.recorded('a.log');
    remove(place.state);
    place.drop('b.log', requests('/b'));
    await eventually(() => place.segments().length > 0);
    await place.recorded('b.log');
    await expectHeld(place, first);
    await killed(first);
    const second = await place.watch();
    expect(said(second.written.stderr, GOES_ON)).toMatchObject([{ lines: 2, files: 2 }]);
    expect(await place.finalCounts(second)).toEqual({ '/a': 1, '/b': 1 });
  });
});
