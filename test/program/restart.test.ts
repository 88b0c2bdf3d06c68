/** A run that goes on from where another one was: killed, ended, or asked for otherwise. */
import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { countsOf, recordsIn, said, snapshotsIn } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Run, run, runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { begun, endedWith0, killed, SpoolPlace, shows } from '../support/spool-place.js';

const GOES_ON = 'What the run before counted goes on counting.';
const OTHERWISE =
  'It is known how far files were read; what was counted is left out, since it was asked for otherwise.';

const directory = scratch();

/** A place where `a.log` was counted and is not finished, and the run was killed. */
async function killedOver(content: string, ...args: readonly string[]): Promise<SpoolPlace> {
  const place = new SpoolPlace(directory());
  const logwin = await place.watch('--settle', '1h', ...args);
  place.drop('a.log', content);
  await place.recorded('a.log');
  await killed(logwin);
  return place;
}

/** Of what a busy machine may bring about besides, nothing. */
function warnings({ written }: Run): unknown[] {
  const records = recordsIn(written.stderr).filter(({ level }) => level > 30);
  return records.filter(({ msg }) => !msg.startsWith('Snapshots were dropped'));
}

describe.concurrent('the run after one that was killed', () => {
  it('counts nothing again, goes on where that was, and says so', async () => {
    const place = await killedOver(requests('/a', '/b', '/a') + requests('/c').slice(0, 30));
    place.append('a.log', requests('/c').slice(30) + requests('/d'));
    const logwin = await place.watch();
    const [restored, ...others] = said(logwin.written.stderr, GOES_ON);
    expect(others).toEqual([]);
    expect(restored).toMatchObject({ lines: 3, keys: 2, files: 1, directory: place.state });
    await place.retired('a.log');
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 2, '/b': 1, '/c': 1, '/d': 1 });
    expect(warnings(logwin)).toEqual([]);
  });

  it('shows equal counts in the order in which they came', async () => {
    const urls = ['/z', '/m', '/a', '/k'];
    const place = await killedOver(requests(...urls));
    place.drop('b.log', requests('/b', ...urls));
    const logwin = await place.watch();
    const { top } = await shows(logwin, ({ total }) => total === 9);
    expect(top.map(({ url }) => url)).toEqual([...urls, '/b']);
    await endedWith0(logwin);
  });

  it('counts what was retired, and what is appended to that', async () => {
    const place = new SpoolPlace(directory());
    const first = await place.watch();
    place.drop('a.log', requests('/a'));
    await place.retired('a.log');
    await killed(first);
    place.append('a.log.COMPLETED', requests('/b'));
    const second = await place.watch();
    expect(await place.finalCounts(second)).toEqual({ '/a': 1, '/b': 1 });
    expect(said(second.written.stderr, 'appended to')).toHaveLength(1);
  });

  it('without a journal counts again what was not retired', async () => {
    const place = new SpoolPlace(directory());
    const first = await place.watch('--ignore', 'slow.*');
    place.drop('done.log', requests('/done'));
    await place.retired('done.log');
    await endedWith0(first);
    const second = await place.watch('--settle', '1h');
    place.drop('slow.log', requests('/slow'));
    await place.recorded('slow.log');
    await killed(second);
    const journal = place.segments().map((path) => readFileSync(path));
    const third = await place.watch('--no-state');
    expect(await place.finalCounts(third)).toEqual({ '/slow': 1 });
    expect(said(third.written.stderr, GOES_ON)).toEqual([]);
    expect(place.segments().map((path) => readFileSync(path))).toEqual(journal);
  });

  it('that ends by itself counts the rest alone', async () => {
    const place = await killedOver(requests('/a', '/a'));
    place.append('a.log', requests('/b'));
    place.drop('c.log', requests('/c'));
    const { code, stdout } = await runToEnd(place.args('--once'));
    expect(code).toBe(0);
    const snapshots = snapshotsIn(stdout);
    expect(snapshots).toHaveLength(1);
    expect(Object.fromEntries(countsOf(snapshots[0]))).toEqual({ '/b': 1, '/c': 1 });
    expect(place.names).toEqual(['a.log.COMPLETED', 'c.log.COMPLETED']);
  });

  it('does not count again what a batch run has counted and finished in between', async () => {
    const place = await killedOver(requests('/a', '/b'));
    place.append('a.log', requests('/c'));
    const once = await runToEnd(place.args('--once'));
    expect(Object.fromEntries(countsOf(snapshotsIn(once.stdout)[0]))).toEqual({ '/c': 1 });
    await place.retired('a.log');
    const logwin = await place.watch();
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 1, '/b': 1 });
    expect(warnings(logwin)).toEqual([]);
  });
});

describe.concurrent('a file that is left in place', () => {
  async function kept(): Promise<SpoolPlace> {
    const place = new SpoolPlace(directory());
    const logwin = await place.watch('--after', 'keep');
    place.drop('a.log', requests('/a', '/a'));
    await logwin.until(({ stderr }) => said(stderr, 'A file is finished').length === 1);
    await endedWith0(logwin);
    return place;
  }

  it('is not counted again by any later run', async () => {
    const place = await kept();
    for (const end of [endedWith0, killed, endedWith0]) {
      const logwin = await place.watch('--after', 'keep');
      await place.showsAll(logwin);
      await end(logwin);
    }
    const logwin = await place.watch('--after', 'keep');
    place.drop('b.log', requests('/b'));
    const finished = (): unknown[] =>
      said(logwin.written.stderr, 'A file is finished').map(({ file }) => file);
    await logwin.until(() => finished().includes(place.path('b.log')));
    expect(finished()).not.toContain(place.path('a.log'));
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 2, '/b': 1 });
    expect(warnings(logwin)).toEqual([]);
  });

  it('gives what was appended while nobody watched, and no more', async () => {
    const place = await kept();
    place.append('a.log', requests('/b'));
    const logwin = await place.watch('--after', 'keep');
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 2, '/b': 1 });
    expect(warnings(logwin)).toEqual([]);
  });

  it('is a new drop if it was written anew while nobody watched', async () => {
    const place = await kept();
    place.drop('other.log', '');
    place.drop('a.log', requests('/c'));
    const logwin = await place.watch('--after', 'keep');
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 2, '/c': 1 });
  });

  it('is retired by the next run if that is told to, and not counted again', async () => {
    const place = await kept();
    const logwin = await place.watch();
    await place.retired('a.log');
    expect(await place.finalCounts(logwin)).toEqual({ '/a': 2 });
  });
});

describe.concurrent('the run after one that was asked for otherwise', () => {
  it.each([
    ['--window', '1m', 'window 5m, now 1m'],
    ['--slide', '200ms', 'slide 100ms, now 200ms'],
    ['--by', 'url,status', 'by url, now url,status'],
  ])(
    'with another %s knows how far files were read, and says what changed',
    async (option, value, changes) => {
      const place = await killedOver(requests('/a', '/a'));
      place.append('a.log', requests('/b'));
      const logwin = await place.watch(option, value);
      expect(warnings(logwin)).toMatchObject([{ msg: OTHERWISE, files: 1, changes }]);
      expect(await place.finalCounts(logwin)).toEqual({ '/b': 1 });
      expect(warnings(logwin)).toHaveLength(1);
      // What it counts itself goes on counting.
      const next = await place.watch(option, value);
      expect(said(next.written.stderr, GOES_ON)).toMatchObject([{ lines: 2 }]);
      await endedWith0(next);
    },
  );
});

describe.concurrent('a long slide', () => {
  it('keeps no file waiting: it is retired half a second after it settled', async () => {
    const SETTLE = 300;
    const place = new SpoolPlace(directory());
    const args = ['--slide', '30m', '--window', '1h', '--settle', `${SETTLE}ms`];
    const logwin = await begun(run(place.args(...args)));
    const waits: number[] = [];
    // On a busy machine one may come late.
    for (let drop = 1; drop <= 5 && !waits.some((wait) => wait <= SETTLE + 500); drop += 1) {
      place.drop('a.log', requests('/a'));
      const { mtimeMs } = statSync(place.path('a.log'));
      await logwin.until(({ stderr }) => said(stderr, 'A file is finished').length === drop);
      const [{ time }] = said(logwin.written.stderr, 'A file is finished').slice(-1);
      waits.push(Date.parse(String(time)) - mtimeMs);
    }
    expect(Math.min(...waits)).toBeLessThanOrEqual(SETTLE + 500);
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(SETTLE - 20);
    await killed(logwin);
    const next = await place.watch(...args);
    expect(said(next.written.stderr, GOES_ON)).toMatchObject([{ lines: waits.length }]);
    await endedWith0(next);
  });
});
