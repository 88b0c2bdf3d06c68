/** The spool directory: what is read, in which order, and that each line comes exactly once. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  copyFileSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { SETTLE, SpoolRun } from '../support/spool-run.js';

let run: SpoolRun;
afterEach(() => run.end());

async function begin(...args: ConstructorParameters<typeof SpoolRun>): Promise<SpoolRun> {
  run = new SpoolRun(...args);
  await run.start();
  return run;
}

describe('reading', () => {
  it('reads a file as it grows, and retires it when it stops', async () => {
    await begin();
    run.write('a.log', 'one\ntw');
    await run.until(() => run.lines.length === 1);
    appendFileSync(run.path('a.log'), 'o\nthree\n');
    await run.until(() => run.lines.length === 3);
    expect(run.names()).toEqual(['a.log']);
    await run.untilNamed('a.log.COMPLETED');
    expect(run.lines).toEqual(['one', 'two', 'three']);
    expect(run.names()).toEqual(['a.log.COMPLETED']);
  });

  it.each([
    ['oldest', ['c', 'd', 'a', 'b']],
    ['youngest', ['a', 'b', 'd', 'c']],
    ['name', ['a', 'b', 'c', 'd']],
  ] as const)(
    'reads what is there at the start in the order %s, ties by name',
    async (order, expected) => {
      run = new SpoolRun({ order });
      for (const [name, age] of [
        ['c', 30],
        ['b', 10],
        ['a', 10],
        ['d', 20],
      ] as const) {
        run.write(name, `${name}\n`);
        utimesSync(run.path(name), 1_700_000_000 - age, 1_700_000_000 - age);
      }
      await run.start();
      await run.until(() => run.lines.length === 4);
      expect(run.lines).toEqual(expected);
    },
  );

  it('counts a last line without a line end when the file has settled, and says what follows', async () => {
    await begin();
    run.write('a', 'one\ntwo');
    await run.until(() => run.lines.length === 2);
    appendFileSync(run.path(run.names()[0] ?? ''), ' more\n');
    await run.until(() => run.lines.length === 3);
    expect(run.lines).toEqual(['one', 'two', ' more']);
    expect(run.said('without a line end')).toBe(1);
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toHaveLength(3);
  });

  it('retires empty files, which give nothing', async () => {
    await begin();
    run.write('empty', '');
    await run.untilNamed('empty.COMPLETED');
    expect(run.lines).toEqual([]);
  });

  it('gives a line that is too long once, however slowly it comes', async () => {
    await begin({}, 10);
    run.write('a', 'short\n12345678901');
    await run.until(() => run.lines.length === 1);
    for (let piece = 0; piece < 20; piece += 1) {
      appendFileSync(run.path('a'), 'more and more');
      await run.pass(100);
    }
    expect(run.lines).toEqual(['short']);
    appendFileSync(run.path('a'), '\n1234567890\n');
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['short', '<too long>', '1234567890']);
  });

  it('ends when it is told to, after a channel that was full for long', async () => {
    await begin({ settle: 100 });
    run.hold();
    run.write('a', 'one\ntwo');
    await run.until(() => run.waiting > 0);
    for (let file = 0; file < 20; file += 1) {
      run.write(`f${file}`, `line ${file}\n`);
      await run.pass(500);
    }
    run.letGo();
    await run.until(() => run.said('finished') === 21);
    expect(run.lines).toHaveLength(22);
  });

  it('waits while the channel is full, and loses nothing', async () => {
    await begin();
    run.hold();
    for (let file = 0; file < 10; file += 1) run.write(`f${file}`, `line ${file}\n`);
    await run.pass(3 * SETTLE);
    expect(run.lines).toEqual([]);
    expect(run.names()).toHaveLength(10);
    expect(run.names().some((name) => name.endsWith('.COMPLETED'))).toBe(false);
    run.letGo();
    await run.until(() => run.names().every((name) => name.endsWith('.COMPLETED')));
    expect([...run.lines].sort()).toEqual(Array.from({ length: 10 }, (_, n) => `line ${n}`));
  });

  // Ten thousand of them, and the real clock: test/program/many-files.test.ts.
  it('settles two thousand small files side by side', async () => {
    const count = 2000;
    run = new SpoolRun({ settle: 60_000 });
    for (let file = 0; file < count; file += 1) run.write(`f${file}`, `line ${file}\n`);
    await run.start();
    const begun = run.clock.monotonic();
    await run.until(() => run.log.lines.length === count);
    expect(run.names().every((name) => name.endsWith('.COMPLETED'))).toBe(true);
    expect(run.lines).toHaveLength(count);
    expect(new Set(run.lines).size).toBe(count);
    // One after the other they would take as many minutes of this clock.
    expect(run.clock.monotonic() - begun).toBeLessThan((count / 4) * 60_000);
  });
});

describe('each line once', () => {
  it('cp -p, which sets the time of change last', async () => {
    await begin();
    const original = run.outside('original.log');
    run.write('../original.log', 'one\ntwo\n');
    utimesSync(original, 1_500_000_000, 1_500_000_000);
    execFileSync('cp', ['-p', original, run.path('a.log')]);
    await run.untilNamed('a.log.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('a time of change that moves alone only makes it settle again', async () => {
    await begin({ settle: 1000 });
    run.write('a', 'one\n');
    await run.until(() => run.lines.length === 1);
    for (let touch = 1; touch <= 5; touch += 1) {
      utimesSync(run.path('a'), 1_600_000_000 + touch, 1_600_000_000 + touch);
      await run.pass(800);
      expect(run.names()).toEqual(['a']);
    }
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one']);
  });

  it('an append after retirement, through a descriptor that was open', async () => {
    await begin();
    run.write('a', 'one\n');
    const writer = openSync(run.path('a'), 'a');
    await run.untilNamed('a.COMPLETED');
    writeSync(writer, 'late\n');
    await run.until(() => run.lines.length === 2);
    writeSync(writer, 'later, no line end');
    closeSync(writer);
    await run.until(() => run.lines.length === 3);
    expect(run.lines).toEqual(['one', 'late', 'later, no line end']);
    expect(run.said('was appended to')).toBe(2);
    await run.pass(70_000 + SETTLE);
    expect(run.names()).toEqual(['a.COMPLETED']);
    expect(run.lines).toHaveLength(3);
  });

  it.each(['delete', 'move'] as const)('an append after --after %s', async (kind) => {
    run = new SpoolRun();
    run.use({ after: kind === 'delete' ? { kind } : { kind, directory: run.outside('done') } });
    await run.start();
    run.write('a', 'one\n');
    const writer = openSync(run.path('a'), 'a');
    await run.until(() => run.names().length === 0);
    writeSync(writer, 'late\n');
    closeSync(writer);
    await run.until(() => run.lines.length === 2);
    expect(run.lines).toEqual(['one', 'late']);
  });

  it('a file replaced by rename while it is read', async () => {
    await begin();
    run.write('a', 'old 1\nold 2\n');
    await run.until(() => run.lines.length === 2);
    const writer = openSync(run.path('a'), 'a');
    run.write('.next', 'new 1\n');
    writeSync(writer, 'old 3\n');
    renameSync(run.path('.next'), run.path('a'));
    writeSync(writer, 'old 4\n');
    closeSync(writer);
    await run.untilNamed('a.COMPLETED');
    expect([...run.lines].sort()).toEqual(['new 1', 'old 1', 'old 2', 'old 3', 'old 4']);
  });

  it('a file replaced in the middle of a long read', async () => {
    run = new SpoolRun();
    const old = Array.from({ length: 200_000 }, (_, n) => `old line number ${n}`);
    run.write('a', `${old.join('\n')}\n`);
    run.hold();
    await run.start();
    await run.until(() => run.waiting > 0);
    run.write('.next', 'new 1\n');
    renameSync(run.path('.next'), run.path('a'));
    await run.pass(500);
    run.letGo();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toHaveLength(old.length + 1);
    expect(new Set(run.lines)).toEqual(new Set(['new 1', ...old]));
  });

  it('a file deleted while it is read', async () => {
    run = new SpoolRun();
    const lines = Array.from({ length: 200_000 }, (_, n) => `line number ${n}`);
    run.write('a', `${lines.join('\n')}\n`);
    run.hold();
    await run.start();
    await run.until(() => run.waiting > 0);
    unlinkSync(run.path('a'));
    run.letGo();
    await run.until(() => run.lines.length === lines.length);
    await run.pass(3000);
    expect(run.lines.join()).toBe(lines.join());
  });

  it('a name used again once the first is retired counts again', async () => {
    await begin();
    for (const retired of ['a.COMPLETED', 'a.2.COMPLETED', 'a.3.COMPLETED']) {
      run.write('a', 'same\n');
      await run.untilNamed(retired);
    }
    expect(run.lines).toEqual(['same', 'same', 'same']);
  });

  it('a finished file that is given its old name back counts again', async () => {
    await begin();
    run.write('a', 'one\n');
    await run.untilNamed('a.COMPLETED');
    renameSync(run.path('a.COMPLETED'), run.path('a'));
    await run.until(() => run.said('finished') === 2);
    expect(run.lines).toEqual(['one', 'one']);
  });

  it('never overwrites what stands under the name of a finished file', async () => {
    await begin();
    run.write('a.COMPLETED', 'precious');
    run.write('a', 'one\n');
    await run.untilNamed('a.2.COMPLETED');
    expect(statSync(run.path('a.COMPLETED')).size).toBe(8);
    expect(run.lines).toEqual(['one']);
  });

  it('other bytes copied over a name before it is retired are a new drop', async () => {
    await begin();
    run.write('../x', 'first 1\nfirst 2\n');
    run.write('../y', 'other 1\nother 2\n');
    run.write('../z', 'third 1\nthird 2\nthird 3\n');
    copyFileSync(run.outside('x'), run.path('a'));
    await run.until(() => run.lines.length === 2);
    copyFileSync(run.outside('y'), run.path('a'));
    utimesSync(run.path('a'), 1_600_000_000, 1_600_000_000);
    await run.until(() => run.lines.length === 4);
    copyFileSync(run.outside('z'), run.path('a'));
    await run.untilNamed('a.COMPLETED');
    expect(run.lines.slice(2)).toEqual(['other 1', 'other 2', 'third 1', 'third 2', 'third 3']);
    expect(run.said('written anew')).toBe(2);
  });

  it('a file that shrinks is read from its beginning, and what was lost is said', async () => {
    await begin();
    run.write('a', 'one\ntwo\nthr');
    await run.until(() => run.lines.length === 2);
    truncateSync(run.path('a'), 0);
    await run.pass(300);
    appendFileSync(run.path('a'), 'new\n');
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two', 'new']);
    const warning = run.log.lines.find(([, message]) => message.includes('written anew'));
    expect(warning?.[2]).toMatchObject({ overwrittenUnreadBytes: 3 });
  });

  it('a line that is too long and is written over before its end has come', async () => {
    await begin({}, 100);
    run.write('a', 'x'.repeat(5000));
    await run.pass(2000);
    const over = Array.from({ length: 1000 }, (_, n) => `line ${n}`);
    const file = openSync(run.path('a'), 'r+');
    writeSync(file, `${over.join('\n')}\n`, 0);
    closeSync(file);
    await run.untilNamed('a.COMPLETED');
    expect(run.lines.slice(-1000)).toEqual(over);
  });

  it('a file that gets another name while it settles', async () => {
    await begin();
    run.write('a', 'one\n');
    await run.until(() => run.lines.length === 1);
    renameSync(run.path('a'), run.path('b'));
    await run.untilNamed('b.COMPLETED');
    expect(run.lines).toEqual(['one']);
  });

  it('a second name of one file', async () => {
    await begin();
    run.write('a', 'one\n');
    execFileSync('ln', [run.path('a'), run.path('b')]);
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one']);
    expect(run.said('not read')).toBe(1);
  });

  it('the directory goes away for a while and comes back', async () => {
    await begin();
    run.write('a', 'one\n');
    await run.until(() => run.lines.length === 1);
    renameSync(run.directory, run.outside('away'));
    await run.until(() => run.said('gone away') === 1);
    renameSync(run.outside('away'), run.directory);
    run.write('b', 'two\n');
    await run.untilNamed('a.COMPLETED', 'b.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('the directory is deleted and made anew', async () => {
    await begin();
    rmSync(run.directory, { recursive: true });
    await run.until(() => run.said('gone away') === 1);
    mkdirSync(run.directory);
    run.write('a', 'one\n');
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one']);
  });
});

describe('what becomes of files', () => {
  it('keeps them where they are, and reads on when they grow', async () => {
    await begin({ after: { kind: 'keep' } });
    run.write('a', 'one\n');
    await run.until(() => run.said('finished') === 1);
    await run.pass(5000);
    appendFileSync(run.path('a'), 'two\n');
    await run.until(() => run.said('finished') === 2);
    expect(run.lines).toEqual(['one', 'two']);
    expect(run.names()).toEqual(['a']);
  });

  it('deletes them', async () => {
    await begin({ after: { kind: 'delete' } });
    run.write('a', 'one\n');
    await run.until(() => run.lines.length === 1 && run.names().length === 0);
  });

  it('moves them, also to below the spool directory, and numbers names that are taken', async () => {
    run = new SpoolRun();
    run.use({ recursive: true, after: { kind: 'move', directory: run.path('done') } });
    mkdirSync(run.path('sub'));
    mkdirSync(run.path('done'));
    run.write('done/a', 'was here\n');
    await run.start();
    run.write('a', 'one\n');
    run.write('sub/a', 'two\n');
    await run.until(() => run.said('finished') === 2);
    await run.pass(3000);
    expect([...run.lines].sort()).toEqual(['one', 'two']);
    expect(readFileSync(run.path('done/a'), 'utf8')).toBe('was here\n');
    expect(readFileSync(run.path('done/a.2'), 'utf8')).toBe('one\n');
    expect(readFileSync(run.path('done/sub/a'), 'utf8')).toBe('two\n');
  });

  it('uses the suffix that was asked for', async () => {
    await begin({ suffix: '.done' });
    run.write('a', 'one\n');
    await run.untilNamed('a.done');
    expect(run.lines).toEqual(['one']);
  });
});

describe('what is not read', () => {
  it('hidden, finished and failed files, and what the globs leave out', async () => {
    await begin({ include: ['*.log', 'x.txt'], ignore: ['b*'] });
    for (const name of ['.a.log', 'a.log.COMPLETED', 'a.log.FAILED', 'b.log', 'c.txt']) {
      run.write(name, `${name}\n`);
    }
    run.write('x.txt', 'x\n');
    run.write('a.log', 'a\n');
    await run.untilNamed('a.log.2.COMPLETED', 'x.txt.COMPLETED');
    expect([...run.lines].sort()).toEqual(['a', 'x']);
  });

  it('directories below it, unless asked for', async () => {
    await begin();
    mkdirSync(run.path('sub'));
    run.write('sub/a', 'sub\n');
    run.write('b', 'b\n');
    await run.untilNamed('b.COMPLETED');
    expect(run.lines).toEqual(['b']);
  });

  it('reads them when asked for, but no hidden ones', async () => {
    await begin({ recursive: true, include: ['*.log'] });
    mkdirSync(run.path('sub/deep'), { recursive: true });
    mkdirSync(run.path('.hidden'));
    run.write('sub/deep/a.log', 'deep\n');
    run.write('.hidden/a.log', 'hidden\n');
    await run.until(() => run.said('finished') === 1);
    expect(run.lines).toEqual(['deep']);
    expect(statSync(run.path('sub/deep/a.log.COMPLETED')).isFile()).toBe(true);
  });

  it('links and FIFOs, which hold up nothing', async () => {
    await begin();
    run.write('../outside', 'outside\n');
    symlinkSync(run.outside('outside'), run.path('a-link'));
    symlinkSync('nowhere', run.path('dangling'));
    execFileSync('mkfifo', [run.path('fifo')]);
    run.write('z', 'z\n');
    await run.untilNamed('z.COMPLETED');
    expect(run.lines).toEqual(['z']);
    expect(run.said('not read')).toBe(3);
    expect(run.names()).toEqual(['a-link', 'dangling', 'fifo', 'z.COMPLETED']);
  });

  it('a name that is not UTF-8, which it says', async () => {
    await begin();
    execFileSync('sh', ['-c', 'printf "x\\n" > "$(printf "bad\\377")"'], { cwd: run.directory });
    run.write('z', 'z\n');
    await run.untilNamed('z.COMPLETED');
    expect(run.lines).toEqual(['z']);
    expect(run.said('cannot be looked at')).toBe(1);
  });
});
