/** The main job on the notes' own log: `logwin watch ./spool --window 300 --slide 1`. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReadSnapshot, said, snapshotsIn } from '../support/read-back.js';
import { type Run, run } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { lacksShared, SHARED } from '../support/surroundings.js';

const COURSE = 'data/course/access_log.txt.gz';

const ROWS: readonly (readonly [url: string, count: number])[] = [
  ['/xmlrpc.php', 68_494],
  ['/wp-login.php', 1923],
  ['/', 440],
  ['/blog/', 138],
  ['/robots.txt', 123],
  ['/sitemap_index.xml', 118],
  ['/post-sitemap.xml', 118],
  ['/page-sitemap.xml', 117],
  ['/category-sitemap.xml', 117],
  ['/orlando-headlines/', 95],
];

/** What the log gives when it was copied so many times. */
function expected(times: number): object {
  const rows = ROWS.map(([url, count], index) => ({ rank: index + 1, url, count: times * count }));
  return { total: times * 76_068, rejected: times * 11, distinct: 168, top: rows };
}

const directory = scratch();
let log: string;

/** A running `watch` and the directory that it watches. */
function watching(window: string): { readonly logwin: Run; readonly spool: string } {
  const spool = join(directory(), 'spool');
  mkdirSync(spool);
  const args = ['watch', spool, '--window', window, '--slide', '1', '-o', 'ndjson'];
  return { logwin: run(args), spool };
}

/** Copies the log as `log22.txt`. Resolves to the moment at which the copy had ended. */
async function copy(spool: string): Promise<number> {
  await promisify(execFile)('cp', [log, join(spool, 'log22.txt')]);
  return Date.now();
}

/** The first snapshot for which `holds`, once it is there. */
async function first(
  logwin: Run,
  holds: (snapshot: ReadSnapshot) => boolean,
): Promise<ReadSnapshot | undefined> {
  const { stdout } = await logwin.until(({ stdout }) => snapshotsIn(stdout).some(holds));
  return snapshotsIn(stdout).find(holds);
}

const endsFrom = (time: number) => (snapshot: ReadSnapshot) => Date.parse(snapshot.end) >= time;
const startsFrom = (time: number) => (snapshot: ReadSnapshot) => Date.parse(snapshot.start) >= time;

describe
  .skipIf(lacksShared(COURSE))
  .concurrent(`the course log (needs ../shared/${COURSE})`, () => {
    beforeAll(() => {
      log = join(directory(), 'access_log.txt');
      writeFileSync(log, gunzipSync(readFileSync(join(SHARED, COURSE))));
    });

    it('shows the rows of the notes 200 ms after the copy, and twice as much after another', async () => {
      const { logwin, spool } = watching('300');
      await logwin.until(({ stdout }) => stdout !== '');
      const copied = await copy(spool);
      expect(await first(logwin, endsFrom(copied + 200))).toMatchObject(expected(1));
      await logwin.until(({ stderr }) => said(stderr, 'A file is finished').length === 1);
      expect(namesIn(spool)).toEqual(['log22.txt.COMPLETED']);
      const copiedAgain = await copy(spool);
      expect(await first(logwin, endsFrom(copiedAgain + 200))).toMatchObject(expected(2));
      await logwin.until(({ stderr }) => said(stderr, 'A file is finished').length === 2);
      expect(namesIn(spool)).toEqual(['log22.txt.2.COMPLETED', 'log22.txt.COMPLETED']);
      logwin.kill('SIGTERM');
      const { code, stderr } = await logwin.exited;
      expect(code).toBe(0);
      expect(said(stderr, 'The run has ended')).toMatchObject([
        { lines: 2 * 76_079, rejected: 22 },
      ]);
    });

    it('is gone when the window has passed', async () => {
      const { logwin, spool } = watching('2');
      await logwin.until(({ stdout }) => stdout !== '');
      const copied = await copy(spool);
      expect(await first(logwin, endsFrom(copied + 200))).toMatchObject(expected(1));
      const nothing = { total: 0, rejected: 0, distinct: 0, top: [] };
      expect(await first(logwin, startsFrom(copied + 200))).toMatchObject(nothing);
      logwin.kill('SIGTERM');
      expect((await logwin.exited).code).toBe(0);
    });
  });
