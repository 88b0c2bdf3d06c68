/** Ranges of a file are read and parsed on whatever thread has least to do. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LineRange } from '../../../src/core/batch.js';
import { JobBoard } from '../../../src/parser/kernel/job-board.js';
import type { KernelParser } from '../../../src/parser/kernel/kernel-parser.js';
import { scratch } from '../../support/scratch.js';
import { answersTo, origin, outletOf, readAnswer } from '../batches.js';
import { kernelParser, plainParser } from '../parsers.js';
import { NearLines } from './near-lines.js';
import { untilReady } from './runs.js';

const BUFFER = 64 * 1024;
const directory = scratch();
const parsers: KernelParser[] = [];
const descriptors: number[] = [];

afterEach(() => {
  for (const parser of parsers.splice(0)) parser.close();
  for (const descriptor of descriptors.splice(0)) closeSync(descriptor);
});

async function threadsOf(threads: number): Promise<KernelParser> {
  const parser = kernelParser({ bufferSize: BUFFER, threads });
  parsers.push(parser);
  await untilReady(parser, threads);
  return parser;
}

/** A log of `bytes` in ranges, of which those that `failed` names went wrong. */
function rangesOf(bytes: Buffer, failed: (error: Error) => void = () => {}): LineRange[] {
  const path = join(directory(), 'log');
  writeFileSync(path, bytes);
  const descriptor = openSync(path, 'r');
  descriptors.push(descriptor);
  const ranges: LineRange[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = bytes.lastIndexOf('\n', Math.min(start + BUFFER, bytes.length) - 1) + 1;
    ranges.push({ kind: 'range', origin, start, end, descriptor, failed });
    start = end;
  }
  return ranges;
}

describe('ranges', () => {
  it('are answered as lines are, in their order, by every thread', async () => {
    const bytes = Buffer.concat(Array.from({ length: 40 }, (_, n) => new NearLines(n).lines(600)));
    const ranges = rangesOf(bytes);
    const expected = await answersTo(plainParser({ bufferSize: BUFFER }), ranges);
    const parser = await threadsOf(3);
    const memories = new Set<ArrayBufferLike>();
    const actual: string[][] = [];
    for await (const answer of parser.answers(outletOf(ranges))) {
      memories.add(answer.bytes.buffer);
      actual.push(readAnswer(parser, answer));
      parser.keys.added();
    }
    expect(actual).toEqual(expected);
    expect(ranges.length).toBeGreaterThan(40);
    expect(memories.size).toBe(3);
  });

  it('give back the buffers that they were read into', async () => {
    const parser = await threadsOf(2);
    const bytes = new NearLines(1).lines(5000);
    for (let round = 0; round < 5; round += 1) await answersTo(parser, rangesOf(bytes));
    let free = 0;
    while (parser.buffers.tryAcquire() !== undefined) free += 1;
    expect(free).toBe(12);
  });

  it('that cannot be read say so from every thread, and those before and after are answered', async () => {
    const parser = await threadsOf(2);
    const errors: string[] = [];
    const bytes = new NearLines(3).lines(20_000);
    const ranges = rangesOf(bytes, ({ message }) => void errors.push(message));
    const expected = await answersTo(plainParser({ bufferSize: BUFFER }), ranges);
    const bad = openSync(directory(), 'r');
    descriptors.push(bad);
    const some = ranges.map((range, at) => (at % 3 === 1 ? { ...range, descriptor: bad } : range));
    const actual = await answersTo(parser, some);
    expect(actual).toEqual(expected.map((lines, at) => (at % 3 === 1 ? [] : lines)));
    expect(errors.length).toBe(some.filter(({ descriptor }) => descriptor === bad).length);
    expect(new Set(errors)).toEqual(new Set(['EISDIR: illegal operation on a directory, read']));
  });
});

describe('the job board', () => {
  const job = { from: 1, to: 0xffff_fff0, answers: 3, tally: 4, descriptor: 5, afresh: true };

  it('hands over jobs and results as they are', () => {
    const board = new JobBoard();
    const there = new JobBoard(board.cells);
    const position = 5 * 2 ** 32 + 0x8000_0001;
    const number = board.post({ ...job, position });
    expect(there.take(number)).toEqual({ ...job, position });
    const result = { lines: 1, length: 2, errno: -5, keysFrom: 3, keysTo: 4 };
    const entries = { entriesFrom: 5, entriesTo: 0xffff_fff0 };
    expect(board.isDone(number)).toBe(false);
    expect(there.finish(number, { ...result, ...entries })).toBe(false);
    expect(board.isDone(number)).toBe(true);
    expect(board.result(number)).toEqual({ ...result, ...entries });
  });

  it('lets nobody wait who comes after it was stopped', () => {
    const board = new JobBoard();
    board.stop();
    expect(board.take(0)).toBeUndefined();
  });

  it('says once that somebody waits', () => {
    const board = new JobBoard();
    const result = {
      lines: 0,
      length: 0,
      errno: 0,
      keysFrom: 0,
      keysTo: 0,
      entriesFrom: 0,
      entriesTo: 0,
    };
    board.await();
    expect([board.finish(0, result), board.finish(1, result)]).toEqual([true, false]);
  });
});
