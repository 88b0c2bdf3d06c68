/**
 * The points of Flume's list that need the journal: what a run finds that comes after `kill -9`, or
 * after an end that was asked for.
 */
import { readdirSync, renameSync, statSync, symlinkSync, truncateSync, utimesSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSnapshot } from '../support/read-back.js';
import type { Run } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { end, finished, JournaledSpool } from './journaled-spool.js';

const directory = scratch();

/** Every line was counted, and none twice. */
async function expectAllOf(spool: JournaledSpool, logwin: Run): Promise<void> {
  const { lines } = spool;
  expect(await end(logwin, 'SIGTERM')).toMatchObject({
    total: lines,
    distinct: lines,
    rejected: 0,
  });
  expect((await logwin.exited).code).toBe(0);
  expect(namesIn(spool.path).every((name) => name.endsWith('.COMPLETED'))).toBe(true);
}

// Skipped until the program keeps a journal.
describe('7. kill -9 mid-file', { concurrent: true }, () => {
  it('resumes at the committed offset; what was counted stays', async () => {
    const spool = new JournaledSpool(directory());
    const first = spool.watch();
    spool.add('a.log', 1000);
    await spool.untilDurable(first, 'a.log');
    const goOn = spool.begin('a.log');
    await end(first, 'SIGKILL');
    goOn();
    spool.add('a.log', 1000);
    const second = spool.watch();
    await finished(second, 1);
    await expectAllOf(spool, second);
  });

  it('while it is read: no line is lost, and none counts twice', async () => {
    const spool = new JournaledSpool(directory());
    // So that a large file takes a while.
    const narrow = ['--channel-lines', '1'];
    spool.add('.hidden', 400_000);
    const first = spool.watch(narrow);
    spool.add('b.log', 1);
    await finished(first, 1);
    renameSync(join(spool.path, '.hidden'), join(spool.path, 'a.log'));
    await first.until(({ stdout }) => Number(lastSnapshot(stdout)?.total) > 1);
    first.kill('SIGKILL');
    const { stdout } = await first.exited;
    expect(lastSnapshot(stdout)?.total).toBeLessThan(spool.lines);
    const second = spool.watch(narrow);
    await finished(second, 1);
    await expectAllOf(spool, second);
  });

  it('a file that is now first in order costs no other its position', async () => {
    const spool = new JournaledSpool(directory());
    const first = spool.watch();
    spool.add('a.log', 1000);
    await spool.untilDurable(first, 'a.log');
    await end(first, 'SIGKILL');
    spool.add('older.log', 10);
    utimesSync(join(spool.path, 'older.log'), 1_600_000_000, 1_600_000_000);
    spool.add('a.log', 10);
    const second = spool.watch();
    await finished(second, 2);
    await expectAllOf(spool, second);
  });
});

// Skipped until the program keeps a journal.
describe('a restart', { concurrent: true }, () => {
  it('with the position at the end of a file gives no line, not even an empty one', async () => {
    const spool = new JournaledSpool(directory());
    const first = spool.watch();
    spool.add('a.log', 1000);
    await spool.untilDurable(first, 'a.log');
    await end(first, 'SIGTERM');
    const second = spool.watch(['--settle', '1h']);
    await second.until(({ stdout }) => lastSnapshot(stdout)?.total === spool.lines);
    await end(second, 'SIGTERM');
    expect(namesIn(spool.path)).toContain('a.log');
    const third = spool.watch();
    await finished(third, 1);
    await expectAllOf(spool, third);
  });

  it('with the directory under another name goes on where it was', async () => {
    const base = directory();
    const spool = new JournaledSpool(base);
    symlinkSync('spool', join(base, 'link'));
    const first = spool.watch();
    spool.add('a.log', 1000);
    await spool.untilDurable(first, 'a.log');
    await end(first, 'SIGTERM');
    const second = spool.watch([], `${join(base, 'link')}/`);
    await spool.untilDurable(second, 'a.log');
    await finished(second, 2);
    await expectAllOf(spool, second);
  });

  it('with zero-byte tracker meta: an empty journal file stops nothing', async () => {
    const spool = new JournaledSpool(directory());
    const first = spool.watch();
    spool.add('a.log', 10);
    await finished(first, 1);
    await end(first, 'SIGKILL');
    expect(emptyJournal(join(spool.path, '.logwin'))).toBeGreaterThan(0);
    spool.add('b.log', 5);
    const second = spool.watch();
    await finished(second, 1);
    // What was counted went with it; what is there is counted, once.
    expect(await end(second, 'SIGTERM')).toMatchObject({ total: 5, distinct: 5, rejected: 0 });
    expect((await second.exited).code).toBe(0);
    expect(namesIn(spool.path)).toEqual(['a.log.COMPLETED', 'b.log.COMPLETED']);
  });
});

/** Says how many files that were. */
function emptyJournal(state: string): number {
  const paths = readdirSync(state, { recursive: true, encoding: 'utf8' }).map((name) =>
    join(state, name),
  );
  const files = paths.filter((path) => basename(path) !== 'lock' && statSync(path).isFile());
  for (const path of files) truncateSync(path, 0);
  return files.length;
}
