/**
 * What Flume's own tests pin down of its spooling directory, a test for each under the name that it
 * has there. Where this program differs on purpose, docs/flume.md says what it does, and why.
 */
import { appendFileSync, readFileSync, utimesSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { SpoolRun } from '../support/spool-run.js';
import { linesOf, textOf } from './lines.js';
import { HOUR, untilSettled } from './settling.js';

let run: SpoolRun;
afterEach(() => run.end());

async function begin(...args: ConstructorParameters<typeof SpoolRun>): Promise<void> {
  run = new SpoolRun(...args);
  await run.start();
}

async function untilNames(...names: string[]): Promise<void> {
  await run.until(() => run.names().join() === names.join(), names.join());
}

/** What was logged above `info`. */
function complaints(): string[] {
  const serious = run.log.lines.filter(([level]) => level === 'warn' || level === 'error');
  return serious.map(([, message]) => message);
}

describe('reading', () => {
  it('basic spooling: all lines, in order; a file is retired once it has settled', async () => {
    run = new SpoolRun({ settle: HOUR });
    for (const name of ['file1', 'file2', 'file3']) run.write(name, textOf(name, 2));
    await run.start();
    await run.until(() => run.lines.length === 6);
    expect(run.lines).toEqual(['file1', 'file2', 'file3'].flatMap((name) => linesOf(name, 2)));
    // In Flume the first two would be finished by now: the next read found their end.
    expect(run.names()).toEqual(['file1', 'file2', 'file3']);
    await untilSettled(run, 'file1.COMPLETED', 'file2.COMPLETED', 'file3.COMPLETED');
    expect(run.lines).toHaveLength(6);
  });

  it('initially empty dir: gives nothing, and finds what comes later', async () => {
    await begin();
    await run.pass(2000);
    expect([run.lines, run.log.lines]).toEqual([[], []]);
    run.write('file1', textOf('file1', 2));
    await untilNames('file1.COMPLETED');
    await run.pass(2000);
    run.write('file2', textOf('file2', 2));
    await untilNames('file1.COMPLETED', 'file2.COMPLETED');
    expect(run.lines).toEqual([...linesOf('file1', 2), ...linesOf('file2', 2)]);
  });

  it('file changed during read: is read on, and retired once it no longer changes', async () => {
    await begin({ settle: HOUR });
    run.write('file1', textOf('file1', 2));
    await run.until(() => run.lines.length === 2);
    appendFileSync(run.path('file1'), 'file1line3\n');
    await run.until(() => run.lines.length === 3);
    run.clock.advance(0.6 * HOUR);
    utimesSync(run.path('file1'), 1_600_000_000, 1_600_000_000);
    run.clock.advance(0.6 * HOUR);
    await run.pass(2000);
    expect(run.names()).toEqual(['file1']);
    await untilSettled(run, 'file1.COMPLETED');
    expect(run.lines).toEqual(linesOf('file1', 3));
    expect(complaints()).toEqual([]);
  });

  it('behaviour with empty file: it gives no line, and is retired like the others', async () => {
    run = new SpoolRun();
    run.write('file0', '');
    run.write('file1', textOf('file1', 8));
    await run.start();
    await untilNames('file0.COMPLETED', 'file1.COMPLETED');
    expect(run.lines).toEqual(linesOf('file1', 8));
  });

  it('line exceeds max (12): is one line that is too long, and no more', async () => {
    await begin({}, 12);
    const long = 'reallyreallyreallyLongLineHere';
    run.write('file1', `file1line8\n${long}\nfile1line9\nline12345678\n`);
    await untilNames('file1.COMPLETED');
    expect(run.lines).toEqual(['file1line8', '<too long>', 'file1line9', 'line12345678']);
  });
});

describe('dest exists: the file gets another name, and what was there stays as it was', () => {
  it.each([
    ['same content', textOf('file1', 2)],
    ['different content', 'file1line1\nfile1XXXe2\n'],
  ])('%s', async (_, there) => {
    run = new SpoolRun();
    run.write('file1', textOf('file1', 2));
    run.write('file1.COMPLETED', there);
    await run.start();
    await run.until(() => run.lines.length === 2);
    run.write('file2', textOf('file2', 2));
    await untilNames('file1.2.COMPLETED', 'file1.COMPLETED', 'file2.COMPLETED');
    expect(run.lines).toEqual([...linesOf('file1', 2), ...linesOf('file2', 2)]);
    expect(readFileSync(run.path('file1.COMPLETED'), 'utf8')).toBe(there);
    expect(readFileSync(run.path('file1.2.COMPLETED'), 'utf8')).toBe(textOf('file1', 2));
    expect(complaints()).toEqual([]);
  });
});

describe('batches', () => {
  /** More than is read at once. */
  const MANY = 100_000;

  it('within a file: they follow each other without a gap, each of whole lines', async () => {
    run = new SpoolRun({ once: true });
    const text = textOf('file1', MANY);
    run.write('file1', text);
    await run.start();
    await run.ended();
    expect(run.batches.length).toBeGreaterThan(1);
    const starts = run.batches.map(({ start }) => start);
    const ends = run.batches.map(({ end }) => end);
    expect(starts).toEqual([0, ...ends.slice(0, -1)]);
    expect(ends.at(-1)).toBe(text.length);
    expect(ends.every((end) => text[end - 1] === '\n')).toBe(true);
    expect(run.lines).toEqual(linesOf('file1', MANY));
  });

  it('across file boundary: none holds lines of two files', async () => {
    run = new SpoolRun({ once: true, order: 'name' });
    const texts = [textOf('file1', MANY), textOf('file2', 8), textOf('file3', 8)];
    for (const [index, text] of texts.entries()) run.write(`file${index + 1}`, text);
    await run.start();
    await run.ended();
    const ends = run.batches.filter(({ end, origin }, index) => {
      const next = run.batches[index + 1];
      return next?.origin !== origin && next?.start !== end;
    });
    expect(ends.map(({ origin, end }) => [origin.name, end])).toEqual(
      texts.map((text, index) => [run.path(`file${index + 1}`), text.length]),
    );
    expect(run.lines.map((line) => `${line}\n`).join('')).toBe(texts.join(''));
  });

  it('commit failure: a batch that is not acknowledged is not lost, and not given twice', async () => {
    run = new SpoolRun({ settle: 100 });
    run.lag = Number.POSITIVE_INFINITY;
    run.write('file1', textOf('file1', 5));
    await run.start();
    await run.until(() => run.lines.length === 5);
    appendFileSync(run.path('file1'), 'file1line6\n');
    await run.until(() => run.lines.length === 6);
    await run.pass(10_000);
    expect(run.names()).toEqual(['file1']);
    run.lag = 0;
    await untilNames('file1.COMPLETED');
    expect(run.lines).toEqual(linesOf('file1', 6));
  });
});
