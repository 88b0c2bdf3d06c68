/** Retired files over a restart: additions are counted for the grace time, and nothing twice. */
import { appendFileSync, renameSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SpoolRun } from '../support/spool-run.js';

// A slow disk takes longer than the grace time of a clock that runs ahead of it.
vi.mock('../../src/core/synchronise.js', () => ({ synchronise: async () => {} }));

const DAY = 86_400_000;
const GRACE = 60_000;

let run: SpoolRun;
afterEach(() => run.end());

/** The grace time must be long for the disk, too. */
async function begin(): Promise<void> {
  run = new SpoolRun({ settle: 500 });
  run.stepLength = 2;
  // Whoever forgets when a file was retired takes it for long ago.
  run.clock.advance(DAY);
  await run.start();
}

describe('a file that was retired', () => {
  async function retire(name: string): Promise<void> {
    await begin();
    run.write(name, 'one\n');
    await run.until(() => run.memory.memos.some(({ retiredAt }) => retiredAt !== undefined));
    expect(run.names()).toEqual([`${name}.COMPLETED`]);
  }

  it('is remembered as such once that is durable', async () => {
    await begin();
    run.write('a', 'one\n');
    await run.until(() => run.names().includes('a.COMPLETED'));
    expect(run.memory.memos).toMatchObject([{ path: 'a', retiredAt: undefined }]);
    await run.until(() => run.memory.told.length === 1);
    const retiredAt = expect.any(Number);
    expect(run.memory.memos).toMatchObject([{ path: 'a.COMPLETED', gone: false, retiredAt }]);
  });

  it('and appended to while nothing ran is read on for the grace time', async () => {
    await retire('a');
    await run.kill();
    appendFileSync(run.path('a.COMPLETED'), 'two\n');
    const [{ retiredAt }] = run.memory.memos;
    run.clock.advance(GRACE / 2);
    await run.start();
    await run.until(() => run.lines.length === 2);
    expect(run.memory.memos).toMatchObject([{ path: 'a.COMPLETED', position: 8, retiredAt }]);
    appendFileSync(run.path('a.COMPLETED'), 'three\n');
    await run.until(() => run.lines.length === 3);
    expect(run.said('was appended to')).toBe(2);
    await run.pass(GRACE / 2);
    await run.until(() => run.memory.memos.length === 0);
    appendFileSync(run.path('a.COMPLETED'), 'four\n');
    await run.pass(5000);
    expect(run.lines).toEqual(['one', 'two', 'three']);
  });

  it('is looked at for what is left of the grace time', async () => {
    await retire('a');
    await run.kill();
    run.clock.advance(GRACE / 2);
    const begun = run.clock.monotonic();
    await run.start();
    await run.until(() => run.memory.memos.length === 0);
    const passed = run.clock.monotonic() - begun;
    expect(passed).toBeGreaterThan(GRACE / 3);
    expect(passed).toBeLessThan(GRACE);
  });

  it('and compressed is read on, too', async () => {
    await begin();
    run.write('a', gzipSync('one\n'));
    await run.until(() => run.memory.memos.some(({ retiredAt }) => retiredAt !== undefined));
    await run.kill();
    await run.start();
    await run.pass(GRACE / 4);
    expect(run.said('')).toBe(1);
    await run.kill();
    appendFileSync(run.path('a.COMPLETED'), gzipSync('two\n'));
    await run.start();
    await run.until(() => run.lines.length === 2);
    await run.until(() => run.memory.memos.length === 0);
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('is forgotten after the grace time, also when nothing ran meanwhile', async () => {
    await retire('a');
    await run.kill();
    appendFileSync(run.path('a.COMPLETED'), 'two\n');
    run.clock.advance(GRACE);
    await run.start();
    expect(run.memory.memos).toEqual([]);
    await run.pass(5000);
    expect(run.lines).toEqual(['one']);
  });

  it.each([0, DAY])('and given its name back %i ms later counts again', async (later) => {
    await retire('a');
    await run.kill();
    renameSync(run.path('a.COMPLETED'), run.path('a'));
    run.clock.advance(later);
    await run.start();
    await run.until(() => run.said('finished') === 2);
    expect(run.lines).toEqual(['one', 'one']);
  });

  it('and given its name back counts again in a batch run', async () => {
    await retire('a');
    await run.kill();
    renameSync(run.path('a.COMPLETED'), run.path('a'));
    run.use({ once: true });
    await run.start();
    await run.ended();
    expect(run.lines).toEqual(['one', 'one']);
    expect(run.memory.told).toEqual([['dropped', run.path('a')]]);
  });

  it.each(['a.COMPLETED', 'a.2.COMPLETED'])(
    'is found under %s, if no record says so',
    async (as) => {
      await begin();
      if (as !== 'a.COMPLETED') run.write('a.COMPLETED', 'another\n');
      run.write('a', 'one\n');
      await run.until(() => run.names().includes(as));
      await run.kill();
      expect(run.memory.memos).toMatchObject([{ path: 'a', retiredAt: undefined }]);
      appendFileSync(run.path(as), 'two\n');
      await run.start();
      await run.until(() => run.lines.length === 2);
      await run.until(() => run.memory.memos.some(({ retiredAt }) => retiredAt !== undefined));
      expect(run.memory.memos).toMatchObject([{ path: as }]);
      await run.pass(5000);
      expect(run.lines).toEqual(['one', 'two']);
    },
  );

  it.each(['delete', 'move'] as const)('is not waited for after --after %s', async (kind) => {
    run = new SpoolRun();
    run.use({
      after: kind === 'delete' ? { kind } : { kind, directory: run.outside('done/deep') },
    });
    await run.start();
    run.write('a', 'one\n');
    await run.until(() => run.memory.told.length === 1);
    expect(run.memory.memos).toMatchObject([{ gone: true }]);
    await run.kill();
    await run.start();
    expect(run.memory.memos).toEqual([]);
  });
});

it('a file that was moved away and is put back counts again', async () => {
  run = new SpoolRun();
  run.use({ after: { kind: 'move', directory: run.outside('done') } });
  await run.start();
  run.write('a', 'one\n');
  await run.until(() => run.memory.told.length === 1);
  await run.kill();
  renameSync(run.outside('done/a'), run.path('a'));
  await run.start();
  await run.until(() => run.said('finished') === 2);
  expect(run.lines).toEqual(['one', 'one']);
});
