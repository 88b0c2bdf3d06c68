/**
 * What Flume's own tests pin down of the source as a whole: its life cycle, its options and what it
 * may do to the directory. The names are those that the tests have there; see checklist.test.ts.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { namesIn } from '../support/scratch.js';
import { SpoolRun } from '../support/spool-run.js';
import { linesOf, textOf } from './lines.js';

let run: SpoolRun;
/** A directory that outlives its runs. */
let spool: string;
beforeEach(() => {
  spool = mkdtempSync(join(tmpdir(), 'logwin-test-'));
});
afterEach(async () => {
  await run.end();
  rmSync(spool, { recursive: true });
});

/** What was logged above `info`. */
function complaints(): string[] {
  const serious = run.log.lines.filter(([level]) => level === 'warn' || level === 'error');
  return serious.map(([, message]) => message);
}

/** How many files were said to be finished. */
function finished(): number {
  return run.log.lines.filter(([, message]) => message === 'A file is finished.').length;
}

describe('start and stop', () => {
  it('source: reconfigure x20: each run reads what came for it, and nothing else', async () => {
    const names = Array.from({ length: 20 }, (_, round) => `file-${round}`);
    for (const [round, name] of names.entries()) {
      writeFileSync(join(spool, name), `File ${round}`);
      run = new SpoolRun({ directory: spool, settle: 100 });
      await run.start();
      await run.until(() => finished() === 1);
      expect([run.lines, complaints()]).toEqual([[`File ${round}`], []]);
      if (name !== names.at(-1)) await run.end();
    }
    expect(namesIn(spool)).toEqual(names.map((name) => `${name}.COMPLETED`).sort());
  });

  it('lifecycle start/stop x10: a run may end at any moment, and the next one goes on', async () => {
    writeFileSync(join(spool, 'file1'), textOf('file1', 8));
    for (let round = 0; round < 10; round += 1) {
      run = new SpoolRun({ directory: spool });
      await run.start();
      for (let step = 0; step < round; step += 1) await run.step();
      await run.end();
      expect([namesIn(spool), complaints()]).toEqual([['file1'], []]);
    }
    run = new SpoolRun({ directory: spool });
    await run.start();
    await run.until(() => finished() === 1);
    expect(namesIn(spool)).toEqual(['file1.COMPLETED']);
    expect([run.lines, complaints()]).toEqual([linesOf('file1', 8), []]);
  });
});

describe('recursion', () => {
  it.each([
    ['true', true, ['root', 'deep']],
    ['false', false, ['root']],
  ] as const)('%s', async (_, recursive, expected) => {
    mkdirSync(join(spool, 'directory', 'deep'), { recursive: true });
    writeFileSync(join(spool, 'root'), 'root\n');
    writeFileSync(join(spool, 'directory', 'deep', 'file'), 'deep\n');
    utimesSync(join(spool, 'root'), 1_600_000_000, 1_600_000_000);
    run = new SpoolRun({ directory: spool, recursive, settle: 100 });
    await run.start();
    await run.until(() => finished() === expected.length);
    await run.pass(2000);
    expect(run.lines).toEqual(expected);
    const below = recursive ? 'file.COMPLETED' : 'file';
    expect(namesIn(join(spool, 'directory', 'deep'))).toEqual([below]);
    expect(namesIn(spool)).toEqual(['directory', 'root.COMPLETED']);
  });
});

describe('order', () => {
  it.each([
    ['oldest', ['c', 'a', 'b', 'd']],
    ['youngest', ['d', 'a', 'b', 'c']],
    ['name', ['a', 'b', 'c', 'd']],
  ] as const)('%s: by the time at first sight, ties by name', async (order, expected) => {
    const ages = { a: 20, b: 20, c: 30, d: 10 };
    for (const [name, age] of Object.entries(ages)) {
      writeFileSync(join(spool, name), `${name}\n`);
      utimesSync(join(spool, name), 1_700_000_000 - age, 1_700_000_000 - age);
    }
    run = new SpoolRun({ directory: spool, order });
    run.hold();
    await run.start();
    await run.until(() => run.waiting > 0);
    // Flume would look again, and take it for another age.
    utimesSync(join(spool, 'b'), 1_700_000_001, 1_700_000_001);
    await run.pass(2000);
    run.letGo();
    await run.until(() => run.lines.length === 4);
    expect(run.lines).toEqual(expected);
  });
});

describe('name in corrupt input', () => {
  it('bytes that are no text are lines like any other', async () => {
    writeFileSync(join(spool, 'file1'), Buffer.from('one\n\xff\xfe \xe2\x82\nthree\n', 'latin1'));
    run = new SpoolRun({ directory: spool, settle: 100 });
    await run.start();
    await run.until(() => finished() === 1);
    expect([run.lines, complaints()]).toEqual([['one', '\xff\xfe \xe2\x82', 'three'], []]);
  });

  it('a file that cannot be read to its end is set aside by name; the others go on', async () => {
    const packed = gzipSync(textOf('file1', 50_000));
    writeFileSync(join(spool, 'file1'), packed.subarray(0, packed.length / 2));
    writeFileSync(join(spool, 'file2'), textOf('file2', 2));
    run = new SpoolRun({ directory: spool, settle: 100 });
    await run.start();
    await run.until(() => finished() === 1 && complaints().length === 1);
    expect(namesIn(spool)).toEqual(['file1.FAILED', 'file2.COMPLETED']);
    const [, , fields] = run.log.lines.find(([level]) => level === 'error') ?? [];
    const linesRead = run.lines.length - 2;
    expect(linesRead).toBeGreaterThan(1000);
    expect(fields).toMatchObject({ file: join(spool, 'file1'), linesRead });
    expect(new Set(run.lines)).toEqual(
      new Set([...linesOf('file1', linesRead), ...linesOf('file2', 2)]),
    );
  });
});

describe('suffix', () => {
  it('what is finished or failed is not read, whatever the suffix is now', async () => {
    for (const name of ['a', 'b.COMPLETED', 'c.FAILED', 'd.done']) {
      writeFileSync(join(spool, name), `${name}\n`);
    }
    run = new SpoolRun({ directory: spool, settle: 100, suffix: '.done' });
    await run.start();
    await run.until(() => finished() === 1);
    await run.pass(2000);
    expect(run.lines).toEqual(['a']);
    expect(namesIn(spool)).toEqual(['a.done', 'b.COMPLETED', 'c.FAILED', 'd.done']);
  });
});

describe('tracker_dir', () => {
  it('--after keep leaves a file as it is, and knows it from a new one of its name', async () => {
    writeFileSync(join(spool, 'file1'), textOf('file1', 2));
    run = new SpoolRun({ directory: spool, settle: 100, after: { kind: 'keep' } });
    await run.start();
    await run.until(() => finished() === 1);
    await run.pass(2000);
    expect(run.lines).toEqual(linesOf('file1', 2));
    // Flume would take the name for done.
    writeFileSync(join(spool, '.next'), textOf('file2', 2));
    renameSync(join(spool, '.next'), join(spool, 'file1'));
    await run.until(() => finished() === 2);
    expect(run.lines).toEqual([...linesOf('file1', 2), ...linesOf('file2', 2)]);
    expect(namesIn(spool)).toEqual(['file1']);
  });
});
