/** `--once` as the source sees it: what is there at the start, and nothing moved before it is told. */
import { appendFileSync, truncateSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SpoolRun } from '../support/spool-run.js';

let run: SpoolRun;
afterEach(() => run.end());

describe('a batch run', () => {
  it('reads all that is there, retires it when told to, and waits for nothing', async () => {
    run = new SpoolRun({ once: true });
    run.write('a', 'one\ntwo');
    run.write('b.gz', gzipSync('three\n'));
    run.write('empty', '');
    await run.start();
    run.write('later', 'later\n');
    await run.ended();
    expect([...run.lines].sort()).toEqual(['one', 'three', 'two']);
    expect(run.names()).toEqual(['a', 'b.gz', 'empty', 'later']);
    await run.retire();
    expect(run.names()).toEqual(['a.COMPLETED', 'b.gz.COMPLETED', 'empty.COMPLETED', 'later']);
  });

  it('leaves a file that changed after it was counted, and says so', async () => {
    run = new SpoolRun({ once: true });
    run.write('a', 'one\n');
    await run.start();
    await run.ended();
    appendFileSync(run.path('a'), 'two\n');
    await run.retire();
    expect(run.names()).toEqual(['a']);
    expect(run.log.lines.map(([level]) => level)).toEqual(['warn']);
  });

  it('sets a bad file aside only when told to retire', async () => {
    run = new SpoolRun({ once: true });
    run.write('bad.gz', gzipSync('x'.repeat(1000)).subarray(0, 20));
    run.write('good', 'one\n');
    await run.start();
    await run.ended();
    expect(run.names()).toEqual(['bad.gz', 'good']);
    await run.retire();
    expect(run.names()).toEqual(['bad.gz.FAILED', 'good.COMPLETED']);
    expect(run.lines).toEqual(['one']);
  });

  it('says how many lines are counted of a file that was cut short while it was read', async () => {
    run = new SpoolRun({ once: true });
    run.lag = 50;
    run.write('a', 'a line of this file\n'.repeat(400_000));
    run.hold();
    await run.start();
    await run.until(() => run.waiting > 0);
    truncateSync(run.path('a'), 0);
    run.letGo();
    await run.ended();
    expect(run.lines.length).toBeLessThan(400_000);
    expect(run.log.lines).toMatchObject([
      ['error', 'A file could not be read to its end.', { linesRead: run.lines.length }],
    ]);
  });
});
