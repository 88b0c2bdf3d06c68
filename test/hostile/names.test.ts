/** Names that strangers gave: files that have them are counted and retired, and the names are text. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { runToEnd } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { countedBy, expectHarmless } from './harmless.js';
import { bidirectionalIn, unsafeIn } from './unsafe.js';

const NAMES = [
  '\x1b[2J\x1b]0;owned\x07.log',
  '\x9b2J\x7f\x08.log',
  'new\nline.log',
  '2026-11-22T08:00:00.000Z\t1\t999\t\\fake',
  'carriage\rreturn.log',
  '\u202egol.exe',
  '\u2028\u2029.log',
  '--top',
  '-n',
  '-',
  '$(touch owned).log',
  '`touch owned`.log',
  "';touch owned;'.log",
  '%s%n%d.log',
  '{"level":60,"msg":"fake"}',
  ' x msg="fake" \\" level=60',
  'back\\slash.log',
  '**',
  '[a-z]{1,2}?!(x)',
  '~',
  ' ',
  'COMPLETED',
  'x.COMPLETED.log',
  'x.FAILED.x',
  '__proto__',
  'constructor',
  'é'.normalize('NFD'),
  '\ufffd.log',
  'https:',
  'n'.repeat(255 - '.COMPLETED'.length),
];

const directory = scratch();

/** A spool directory with a file of each name; each holds a URL of its own. */
function place(): { readonly cwd: string; readonly spool: string } {
  const cwd = directory();
  const spool = join(cwd, 'spool');
  mkdirSync(spool);
  NAMES.forEach((name, index) => {
    writeFileSync(join(spool, name), requests(`/${index}`));
  });
  return { cwd, spool };
}

const ALL_ONCE = new Map(NAMES.map((_, index) => [`/${index}`, 1]));

describe.concurrent('files with hostile names', () => {
  it('are counted and retired by watch, and nothing else happens', async () => {
    const { cwd, spool } = place();
    const ended = await runToEnd(['watch', 'spool', '--once', '-n', '0', '-o', 'ndjson'], { cwd });
    expect(ended.code).toBe(0);
    expectHarmless(ended);
    expect(countedBy(ended)).toEqual(ALL_ONCE);
    expect(namesIn(spool)).toEqual(NAMES.map((name) => `${name}.COMPLETED`).sort());
    expect(namesIn(cwd)).toEqual(['spool']);
  });

  it('are counted by count', async () => {
    const { cwd, spool } = place();
    const paths = NAMES.map((name) => `./${name}`);
    const args = ['count', '-n', '0', '-o', 'ndjson', '--log-level', 'trace', ...paths];
    const ended = await runToEnd(args, { cwd: spool });
    expect(ended.code).toBe(0);
    expectHarmless(ended);
    expect(countedBy(ended)).toEqual(ALL_ONCE);
    expect(namesIn(cwd)).toEqual(['spool']);
  });

  it('that are missing are text in the messages too', async () => {
    const [name, another] = NAMES;
    const ended = await runToEnd(['count', `./${name}`, `./${another}`, '-o', 'ndjson'], {
      cwd: directory(),
    });
    expect(ended.code).toBe(1);
    expectHarmless(ended);
    expect(said(ended.stderr, 'cannot be read')).toHaveLength(2);
  });

  it.each([
    ['a directory', ['watch', NAMES[0]], 3],
    ['a log file', ['count', '--log-file', `${NAMES[0]}/x`], 2],
    ['an option', ['count', `--${NAMES[0]}`], 2],
    ['a command', [NAMES[0]], 2],
    ['a field', ['watch', '.', '--by', NAMES[1]], 2],
    ['a scheme', ['watch', `x://${NAMES[5]}`], 2],
  ])('as arguments that are wrong are text: %s', async (_, args, code) => {
    const { stderr, ...ended } = await runToEnd(args, { cwd: directory() });
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(unsafeIn(Buffer.from(stderr), /\n$/)).toEqual([]);
    expect(bidirectionalIn(stderr)).toEqual([]);
  });

  it('too long to take a suffix are counted, left, and spoken of', async () => {
    const cwd = directory();
    const name = 'n'.repeat(255);
    writeFileSync(join(cwd, name), requests('/a'));
    const ended = await runToEnd(['watch', '.', '--once', '-o', 'ndjson'], { cwd });
    expectHarmless(ended);
    expect(countedBy(ended)).toEqual(new Map([['/a', 1]]));
    expect(said(ended.stderr, 'cannot be retired')).toMatchObject([{ file: name }]);
    expect(namesIn(cwd)).toEqual([name]);
  });
});
