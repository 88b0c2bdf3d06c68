/** A directory is worked on by one process: it is claimed before anything in it is looked at. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { LogwinError } from '../../src/core/errors.js';
import { SpoolRun } from '../support/spool-run.js';

const taken = new LogwinError('source-unusable', 'another logwin (pid 7) works on it');

let run: SpoolRun;
afterEach(() => run.end());

it.each([false, true])('is refused where another one has it (once: %s)', async (once) => {
  run = new SpoolRun({ once });
  run.write('a', 'one\n');
  run.refusal = taken;
  await expect(run.start()).rejects.toBe(taken);
  run.refusal = undefined;
  await run.start();
  await run.until(() => run.lines.length === 1);
  expect(run.claims).toBe(2);
});

it('is claimed once, also when it goes away and comes back', async () => {
  run = new SpoolRun();
  await run.start();
  await run.pass(1000);
  renameSync(run.directory, run.outside('away'));
  await run.until(() => run.said('gone away') === 1);
  renameSync(run.outside('away'), run.directory);
  await run.until(() => run.said('there again') === 1);
  expect(run.claims).toBe(1);
});

it('is claimed anew when it was made anew, and left alone until that succeeds', async () => {
  run = new SpoolRun();
  await run.start();
  await run.until(() => run.claims === 1);
  rmSync(run.directory, { recursive: true });
  await run.until(() => run.said('gone away') === 1);
  run.refusal = taken;
  mkdirSync(run.directory);
  run.write('a', 'one\n');
  await run.until(() => run.said('cannot be looked at') === 1);
  await run.pass(60_000);
  expect(run.log.lines.at(-1)?.[2]).toMatchObject({ reason: taken.message });
  expect(run.said('cannot be looked at')).toBe(1);
  expect(run.lines).toEqual([]);
  expect(run.names()).toEqual(['a']);
  run.refusal = undefined;
  await run.until(() => run.names().join() === 'a.COMPLETED');
  expect(run.said('there again')).toBe(1);
  expect(run.lines).toEqual(['one']);
});
