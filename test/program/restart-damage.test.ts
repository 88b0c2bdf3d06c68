/** A run that finds the journal otherwise than a run leaves it. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { recordsIn, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Run, runToEnd } from '../support/run.js';
import { eventually, scratch } from '../support/scratch.js';
import { killed, SpoolPlace } from '../support/spool-place.js';

const GOES_ON = 'What the run before counted goes on counting.';
const DAMAGED = 'A segment of the journal is damaged; what stands behind the damage is lost.';
const NOTHING =
  'The journal holds nothing to begin from; files are read from their beginning, and what was counted before is lost.';
const KEEP = ['--after', 'keep'];
const URLS = ['/a', '/b', '/c', '/d', '/e', '/f'];
const EACH_ONCE = Object.fromEntries(URLS.map((url) => [url, 1]));

const directory = scratch();

/** A place with a file a URL, each in records of its own, and the one segment that holds them. */
async function recordedPlace(): Promise<{ readonly place: SpoolPlace; readonly segment: string }> {
  const place = new SpoolPlace(directory());
  const logwin = await place.watch(...KEEP);
  for (const url of URLS) {
    place.drop(`${url.slice(1)}.log`, requests(url));
    await place.recorded(`${url.slice(1)}.log`);
  }
  await killed(logwin);
  const [segment, ...others] = place.segments();
  expect(others).toEqual([]);
  return { place, segment };
}

function errors({ written }: Run): unknown[] {
  return recordsIn(written.stderr).filter(({ level }) => level > 40);
}

describe.concurrent('a journal', () => {
  it('with a wrong byte in it: what stands behind that is read again', async () => {
    const { place, segment } = await recordedPlace();
    const bytes = readFileSync(segment);
    // In the record of this file.
    const at = bytes.indexOf('d.log');
    bytes[at] ^= 1;
    writeFileSync(segment, bytes);
    const logwin = await place.watch(...KEEP);
    expect(errors(logwin)).toMatchObject([{ msg: DAMAGED, file: segment }]);
    expect(said(logwin.written.stderr, GOES_ON)).toMatchObject([{ lines: 3, files: 3 }]);
    expect(await eventually(() => readFileSync(`${segment}.damaged`))).toEqual(bytes);
    expect(await place.finalCounts(logwin)).toEqual(EACH_ONCE);

    const next = await place.watch(...KEEP);
    expect(errors(next)).toEqual([]);
    expect(await place.finalCounts(next)).toEqual(EACH_ONCE);
    expect(readFileSync(`${segment}.damaged`)).toEqual(bytes);
  });

  it('whose last record is cut: its lines are read again, and nothing is said to be wrong', async () => {
    const { place, segment } = await recordedPlace();
    truncateSync(segment, readFileSync(segment).indexOf('f.log'));
    const logwin = await place.watch(...KEEP);
    expect(errors(logwin)).toEqual([]);
    expect(said(logwin.written.stderr, 'was not written to its end')).toHaveLength(1);
    expect(said(logwin.written.stderr, GOES_ON)).toMatchObject([{ lines: 5, files: 5 }]);
    expect(await place.finalCounts(logwin)).toEqual(EACH_ONCE);
  });

  it.each([
    ['was emptied', ''],
    ['is not one', 'no journal\n'],
  ])('that %s: the files are read again, and it says so', async (_, content) => {
    const { place, segment } = await recordedPlace();
    writeFileSync(segment, content);
    const logwin = await place.watch(...KEEP);
    expect(errors(logwin)).toMatchObject([
      { msg: DAMAGED, file: segment },
      { msg: NOTHING, directory: place.state },
    ]);
    expect(said(logwin.written.stderr, GOES_ON)).toEqual([]);
    expect(await place.finalCounts(logwin)).toEqual(EACH_ONCE);
    expect(readFileSync(`${segment}.damaged`, 'latin1')).toBe(content);
  });

  it('of a later version is refused, and left as it is', async () => {
    const { place, segment } = await recordedPlace();
    const bytes = readFileSync(segment);
    const later = Buffer.from(
      bytes.toString('latin1').replace(/^logwin journal \d+\n/, 'logwin journal 99\n'),
      'latin1',
    );
    writeFileSync(segment, later);
    const refused = await runToEnd(place.args(...KEEP));
    expect([refused.code, refused.stdout]).toEqual([3, '']);
    expect(refused.stderr).toBe(
      `logwin: the journal ${segment} is of version 99, and this program knows 1; run the version that wrote it, or name another directory with --state\n`,
    );
    expect(place.segments()).toEqual([segment]);
    expect(readFileSync(segment)).toEqual(later);
    writeFileSync(segment, bytes);
    expect(await place.finalCounts(await place.watch(...KEEP))).toEqual(EACH_ONCE);
  });

  it('that is gone is begun anew, and the files are read again', async () => {
    const { place, segment } = await recordedPlace();
    rmSync(segment);
    const logwin = await place.watch(...KEEP);
    expect(errors(logwin)).toEqual([]);
    expect(said(logwin.written.stderr, 'A journal is begun.')).toHaveLength(1);
    expect(await place.finalCounts(logwin)).toEqual(EACH_ONCE);
  });
});
