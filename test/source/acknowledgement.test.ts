/** Only what is acknowledged counts as done: nothing that would lose a file happens before. */
import { appendFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SpoolRun } from '../support/spool-run.js';

const cut = gzipSync('a line\n'.repeat(10_000)).subarray(0, 60);

let run: SpoolRun;
afterEach(() => run.end());

/** Until the disk of the journal has room again, nothing is acknowledged. */
async function beginFull(): Promise<void> {
  run = new SpoolRun();
  run.memory.recording = 'never';
  await run.start();
}

function hasRoom(): void {
  run.memory.recording = 'at once';
  run.memory.record();
}

describe('while nothing is acknowledged', () => {
  it('nothing is retired, and counting goes on, of many files', async () => {
    await beginFull();
    const names = Array.from({ length: 30 }, (_, n) => `f${n}`);
    // More than are retired side by side; the last lines are read when they have settled.
    for (const name of names) run.write(name, `${name}\nand no line end`);
    await run.until(() => run.lines.length === 60);
    await run.pass(60_000);
    expect(run.names()).toEqual(names.toSorted());
    expect(new Set(run.memory.demanded)).toEqual(new Set(names.map((name) => run.path(name))));
    hasRoom();
    await run.until(() => run.names().every((name) => name.endsWith('.COMPLETED')));
    expect(run.lines).toHaveLength(60);
  });

  it('a bad file is not set aside, and the others are read', async () => {
    await beginFull();
    run.write('bad.gz', cut);
    await run.until(() => run.lines.length > 0);
    const { length } = run.lines;
    run.write('good', 'good\n');
    await run.until(() => run.lines.includes('good'));
    await run.pass(60_000);
    expect(run.names()).toEqual(['bad.gz', 'good']);
    expect(run.log.lines).toEqual([]);
    hasRoom();
    await run.until(() => run.names().includes('bad.gz.FAILED'));
    await run.until(() => run.said('set aside') === 1);
    const words = run.log.lines.map(([, , fields]) => fields);
    expect(words).toContainEqual(expect.objectContaining({ linesRead: length }));
    expect(run.lines).toHaveLength(length + 1);
  });

  it('a bad file may become a good one', async () => {
    await beginFull();
    const whole = gzipSync(Array.from({ length: 20_000 }, (_, n) => `line ${n}\n`).join(''));
    run.write('a.gz', whole.subarray(0, whole.length / 2));
    await run.until(() => run.memory.demanded.length === 1);
    appendFileSync(run.path('a.gz'), whole.subarray(whole.length / 2));
    await run.until(() => run.lines.length === 20_000);
    hasRoom();
    await run.until(() => run.names().includes('a.gz.COMPLETED'));
    expect(new Set(run.lines).size).toBe(20_000);
    expect(run.said('set aside')).toBe(0);
  });

  it('the run ends when it is told to', async () => {
    await beginFull();
    run.write('a', 'one\ntwo');
    run.write('bad.gz', cut);
    await run.until(() => run.memory.demanded.length === 2);
    await run.shutDown();
    expect(run.names()).toEqual(['a', 'bad.gz']);
  });

  it('a file that is replaced meanwhile holds up nothing', async () => {
    await beginFull();
    run.write('a', 'one\n');
    await run.until(() => run.memory.demanded.length === 1);
    run.write('a', 'other\n');
    await run.until(() => run.lines.length === 2);
    hasRoom();
    await run.until(() => run.names().includes('a.COMPLETED'));
    expect(run.lines).toEqual(['one', 'other']);
  });
});

it('a file is retired once what was demanded is durable, and that is when it is complete', async () => {
  run = new SpoolRun();
  run.memory.recording = 'on demand';
  const linesThen: number[] = [];
  const demand = run.memory.demand.bind(run.memory);
  run.memory.demand = (origin) => {
    linesThen.push(run.lines.length);
    demand(origin);
  };
  await run.start();
  run.write('a', 'one\ntwo');
  await run.until(() => run.names().includes('a.COMPLETED'));
  expect(linesThen).toEqual([2]);
  expect(run.lines).toEqual(['one', 'two']);
});

it('a finished file is remembered until what was appended to it is acknowledged', async () => {
  run = new SpoolRun({ settle: 500 });
  run.stepLength = 5;
  await run.start();
  run.write('a', 'one\n');
  await run.until(() => run.said('finished') === 1);
  run.memory.recording = 'never';
  appendFileSync(run.path('a.COMPLETED'), 'two\n');
  await run.until(() => run.lines.length === 2);
  await run.pass(120_000);
  expect(run.memory.told).not.toContainEqual(['dropped', run.path('a.COMPLETED')]);
  hasRoom();
  await run.until(() => run.memory.told.some(([what]) => what === 'dropped'));
});

it('a drop that was written over is forgotten', async () => {
  run = new SpoolRun({ settle: Number.POSITIVE_INFINITY });
  await run.start();
  run.write('a', 'one\n');
  await run.until(() => run.lines.length === 1);
  run.write('a', 'other\n');
  await run.until(() => run.lines.length === 2);
  expect(run.memory.told).toEqual([['dropped', run.path('a')]]);
  expect(run.memory.memos).toMatchObject([{ position: 6, lines: 1 }]);
});
