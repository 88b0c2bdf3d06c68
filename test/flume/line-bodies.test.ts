/**
 * What becomes of the bytes of a file: the inputs of which it is known what events Flume's line
 * deserializer makes of them (one byte a character here, and at most 2,048 of them a line).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { recordsIn, said } from '../support/read-back.js';
import { runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { SpoolRun } from '../support/spool-run.js';
import { HOUR, untilSettled } from './settling.js';

const MAX_LINE = 2048;
const x = (length: number): string => 'x'.repeat(length);

/** Input, and the bodies of Flume's events, which are the lines here. Latin-1 stands for bytes. */
const SAME: readonly (readonly [string, string, readonly string[]])[] = [
  ['lines', 'a\nb\n', ['a', 'b']],
  ['a tail without a line end', 'a\nb', ['a', 'b']],
  ['CR and LF', 'beta\r\n', ['beta\r']],
  ['empty lines', '\n\nx\n', ['', '', 'x']],
  ['2,047 bytes', `${x(2047)}\n`, [x(2047)]],
  ['CR alone', 'a\rb\rc\r', ['a\rb\rc\r']],
  [
    'NUL and control characters',
    'a\0b\x01\x1b[31m\x7f\n\x0b\x0c\n',
    ['a\0b\x01\x1b[31m\x7f', '\x0b\x0c'],
  ],
  ['a byte order mark', '\xef\xbb\xbfa\nb\n', ['\xef\xbb\xbfa', 'b']],
];

/** Input, Flume's events (none where its source dies), and the lines here. */
const DIFFERENT: readonly (readonly [string, string, readonly string[], readonly string[]])[] = [
  ['2,048 bytes: no empty line after it', `${x(2048)}\nb\n`, [x(2048), '', 'b'], [x(2048), 'b']],
  ['2,049 bytes: rejected, not cut', `${x(2049)}\nb\n`, [x(2048), 'x', 'b'], ['<too long>', 'b']],
  ['bytes that are not UTF-8', 'a\xff\xfe\n\xe2\x82\n', [], ['a\xff\xfe', '\xe2\x82']],
  ['no bytes', '', [''], []],
];

const here = [...SAME, ...DIFFERENT.map(([name, input, , lines]) => [name, input, lines] as const)];

let run: SpoolRun | undefined;
afterEach(async () => {
  await run?.end();
  run = undefined;
});

async function linesOf(input: string): Promise<readonly string[]> {
  run = new SpoolRun({ once: true }, MAX_LINE);
  run.write('a', Buffer.from(input, 'latin1'));
  await run.start();
  await run.ended();
  return run.lines;
}

describe('1. the same event bodies', () => {
  it.each(SAME)('as Flume: %s', async (_, input, events) => {
    expect(await linesOf(input)).toEqual(events);
  });

  it.each(DIFFERENT)('on purpose not as Flume: %s', async (_, input, events, lines) => {
    expect(await linesOf(input)).toEqual(lines);
    expect(lines).not.toEqual(events);
  });

  const directory = scratch();

  it('the program counts as many lines in each', async () => {
    const cwd = directory();
    mkdirSync(join(cwd, 'spool'));
    for (const [index, [, input]] of here.entries()) {
      writeFileSync(join(cwd, 'spool', `${index}`), Buffer.from(input, 'latin1'));
    }
    const args = ['watch', 'spool', '--once', '--max-line', String(MAX_LINE)];
    const { code, stderr } = await runToEnd(args, { cwd });
    expect(code).toBe(0);
    const counted = said(stderr, 'A file is finished').map(({ file, lines }) => [file, lines]);
    const expected = here.map(([, , lines], index) => [join('spool', `${index}`), lines.length]);
    expect(Object.fromEntries(counted)).toEqual(Object.fromEntries(expected));
    const tooLong = here.flatMap(([, , lines]) => lines).filter((line) => line === '<too long>');
    expect(recordsIn(stderr).at(-1)).toMatchObject({ 'too-long': tooLong.length });
  });

  it('the tail without a line end, which Flume gives at once, waits until the file has settled', async () => {
    const settling = new SpoolRun({ settle: HOUR });
    run = settling;
    await settling.start();
    settling.write('a', 'a\nb');
    await settling.until(() => settling.lines.length === 1);
    await settling.pass(2000);
    expect(settling.lines).toEqual(['a']);
    await untilSettled(settling, 'a.COMPLETED');
    expect(settling.lines).toEqual(['a', 'b']);
  });
});
