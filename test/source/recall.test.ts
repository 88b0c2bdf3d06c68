/** What outlives the process: a second run goes on where the first one ended, or was killed. */
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SETTLE, SpoolRun } from '../support/spool-run.js';

const DAY = 86_400_000;
const GRACE = 60_000;

let run: SpoolRun;
afterEach(() => run.end());

async function begin(...args: ConstructorParameters<typeof SpoolRun>): Promise<void> {
  run = new SpoolRun(...args);
  await run.start();
}

/** A run that reads so many lines of a file, which it does not come to retire, and is killed. */
async function killWith(name: string, bytes: string, lines: number): Promise<void> {
  await begin({ settle: Number.POSITIVE_INFINITY }, 100);
  run.write(name, bytes);
  await run.until(() => run.lines.length === lines);
  await run.kill();
  run.use({ settle: SETTLE });
}

describe('a file that was not retired', () => {
  it('is read on where it was left, with what was appended meanwhile', async () => {
    await killWith('a', 'one\ntwo\nthr', 2);
    appendFileSync(run.path('a'), 'ee\nfour\n');
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two', 'three', 'four']);
    expect(run.log.lines).toMatchObject([['info', 'A file is finished.', { lines: 4 }]]);
  });

  it('is retired and not read again, if all of it was read', async () => {
    await killWith('a', 'one\ntwo\n', 2);
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
    expect(run.said('')).toBe(1);
  });

  it('gives the lines that no record covered again', async () => {
    await begin();
    run.memory.recording = 'never';
    run.write('a', 'one\ntwo\n');
    await run.until(() => run.lines.length === 2);
    await run.kill();
    expect(run.lines).toEqual([]);
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('has a new name: reading goes on under it', async () => {
    await killWith('a', 'one\ntw', 1);
    renameSync(run.path('a'), run.path('b'));
    await run.start();
    await run.until(() => run.said('has a new name') === 1);
    expect(run.memory.memos).toMatchObject([{ path: 'b', position: 4, retiredAt: undefined }]);
    appendFileSync(run.path('b'), 'o\n');
    await run.untilNamed('b.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('went away and comes back: reading goes on', async () => {
    await killWith('a', 'one\n', 1);
    renameSync(run.path('a'), run.outside('a'));
    await run.start();
    await run.pass(2 * GRACE);
    appendFileSync(run.outside('a'), 'two\n');
    renameSync(run.outside('a'), run.path('a'));
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('is another one by now, under its name: that is counted', async () => {
    await killWith('a', 'one\n', 1);
    rmSync(run.path('a'));
    run.write('a', 'one\n');
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'one']);
  });

  it.each([
    ['shrunk', () => truncateSync(run.path('a'), 4), ['one']],
    ['been emptied', () => truncateSync(run.path('a')), []],
    ['been copied over, to the same size', () => copy('x', 'six\nten\n'), ['six', 'ten']],
    ['been copied over, to a larger one', () => copy('x', 'six\nseven\n'), ['six', 'seven']],
    ['been copied over, to a smaller one', () => copy('x', 'six\n'), ['six']],
  ])('has %s: it is a new drop', async (_, change, lines) => {
    await killWith('a', 'one\ntwo\n', 2);
    change();
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two', ...lines]);
    const warnings = run.log.lines.filter(([level]) => level === 'warn');
    expect(warnings).toMatchObject([
      ['warn', expect.stringContaining('written anew'), { overwrittenUnreadBytes: 0 }],
    ]);
  });

  it('has other bytes before the position, which its beginning does not show', async () => {
    const head = `${'same\n'.repeat(1000)}`;
    await killWith('a', `${head}one\n`, 1001);
    copy('x', `${head}two\n`);
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toHaveLength(2002);
  });

  it('has shrunk, to within a line that was too long, of which nobody kept the bytes', async () => {
    await killWith('a', `${'x\n'.repeat(1000)}${'long'.repeat(500_000)}\n`, 1001);
    truncateSync(run.path('a'), 1_000_000);
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toHaveLength(2002);
  });

  it('has a last line without a line end that was counted: what follows is a new line', async () => {
    await begin({ after: { kind: 'keep' } });
    run.write('a', 'one\ntwo');
    await run.until(() => run.said('finished') === 1);
    await run.kill();
    appendFileSync(run.path('a'), ' more\n');
    await run.start();
    await run.until(() => run.said('finished') === 2);
    expect(run.lines).toEqual(['one', 'two', ' more']);
    expect(run.said('without a line end')).toBe(1);
  });

  it('is remembered up to where it was added, and not to where it was read', async () => {
    await begin();
    run.memory.recording = 'never';
    const put = run.put.bind(run);
    run.put = async (batch) => {
      await put(batch);
      run.lag = 1_000_000;
    };
    run.write('a', 'one\ntwo');
    await run.until(() => run.lines.length === 2);
    run.memory.record();
    expect(run.memory.memos).toMatchObject([{ position: 4, lines: 1, openEnd: false }]);
    run.put = put;
    run.lag = 0;
    await run.kill();
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', 'two']);
  });

  it('has a line that is too long, of which nobody kept the bytes', async () => {
    await killWith('a', `one\n${'long'.repeat(500_000)}\ntw`, 2);
    appendFileSync(run.path('a'), 'o\n');
    await run.start();
    await run.untilNamed('a.COMPLETED');
    expect(run.lines).toEqual(['one', '<too long>', 'two']);
  });
});

/** As `cp` does: device, inode and time of birth stay. */
function copy(from: string, text: string): void {
  run.write(`../${from}`, text);
  copyFileSync(run.outside(from), run.path('a'));
}

describe('a file that is kept', () => {
  it.each([
    ['plain', 'one\ntwo', 2],
    ['compressed', gzipSync('one\ntwo'), 2],
    ['empty', '', 0],
  ])(
    'and is %s is not read again, nor said to be finished, a day later',
    async (_, bytes, lines) => {
      await begin({ after: { kind: 'keep' } });
      run.write('a', bytes);
      await run.until(() => run.said('finished') === 1);
      await run.kill();
      run.clock.advance(DAY);
      await run.start();
      await run.pass(GRACE);
      expect(run.lines).toHaveLength(lines);
      expect(run.said('')).toBe(1);
    },
  );

  it('is retired by a run that is told to', async () => {
    await begin({ after: { kind: 'keep' } });
    run.write('a', 'one\n');
    run.write('b', gzipSync('two\n'));
    await run.until(() => run.said('finished') === 2);
    await run.kill();
    run.use({ after: { kind: 'rename' } });
    await run.start();
    await run.untilNamed('a.COMPLETED', 'b.COMPLETED');
    expect([...run.lines].sort()).toEqual(['one', 'two']);
  });

  it('and grew meanwhile is read on', async () => {
    await begin({ after: { kind: 'keep' } });
    run.write('a', 'one\n');
    run.write('b.gz', gzipSync('two\n'));
    await run.until(() => run.said('finished') === 2);
    await run.kill();
    appendFileSync(run.path('a'), 'three\n');
    appendFileSync(run.path('b.gz'), gzipSync('four\n'));
    await run.start();
    await run.until(() => run.said('finished') === 4);
    expect([...run.lines].sort()).toEqual(['four', 'one', 'three', 'two']);
  });
});

describe('what a run left that was killed while it deleted', () => {
  it('is deleted if it was counted, and said if nobody knows it', async () => {
    await killWith('a', 'one\n', 1);
    run.use({ after: { kind: 'delete' } });
    const { ino } = statSync(run.path('a'));
    renameSync(run.path('a'), run.path(`.logwin-1-${ino}-1`));
    run.write('.logwin-1-2-3', 'unknown\n');
    await run.start();
    expect(() => statSync(run.path(`.logwin-1-${ino}-1`))).toThrow('ENOENT');
    expect(run.memory.memos).toEqual([]);
    expect(run.log.lines).toMatchObject([
      ['warn', expect.stringContaining('left behind'), { file: run.path('.logwin-1-2-3') }],
    ]);
  });

  it('is deleted if it is the file that was meant, also where that gave no line', async () => {
    await killWith('a', 'one\n', 1);
    run.write('b', gzipSync(''));
    const hidden = run.path(`.logwin-1-${statSync(run.path('b')).ino}-7`);
    renameSync(run.path('b'), hidden);
    await run.start();
    expect(() => statSync(hidden)).toThrow('ENOENT');
    expect(run.said('left behind')).toBe(0);
  });

  it('stays where something was appended to it', async () => {
    await killWith('a', 'one\n', 1);
    run.use({ after: { kind: 'delete' } });
    const hidden = run.path(`.logwin-1-${statSync(run.path('a')).ino}-7`);
    renameSync(run.path('a'), hidden);
    appendFileSync(hidden, 'two\n');
    await run.start();
    expect(run.said('left behind')).toBe(1);
    expect(statSync(hidden).size).toBe(8);
  });
});

it('a batch run goes on where a run before it was killed', async () => {
  await killWith('a', 'one\ntwo\n', 2);
  run.write('b', 'three\n');
  appendFileSync(run.path('a'), 'four\n');
  run.use({ once: true });
  await run.start();
  expect(run.toRead()).toBe('four\nthree\n'.length);
  await run.ended();
  await run.retire();
  expect([...run.lines].sort()).toEqual(['four', 'one', 'three', 'two']);
  expect(run.names()).toEqual(['a.COMPLETED', 'b.COMPLETED']);
});

it('in directories below it, too', async () => {
  run = new SpoolRun({ recursive: true, settle: Number.POSITIVE_INFINITY });
  mkdirSync(run.path('sub'));
  await run.start();
  run.write('sub/a', 'one\n');
  await run.until(() => run.lines.length === 1);
  await run.kill();
  run.write('sub/b', 'two\n');
  run.use({ settle: SETTLE });
  await run.start();
  await run.until(() => run.said('finished') === 2);
  expect(run.lines).toEqual(['one', 'two']);
});
