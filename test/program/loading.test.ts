/** Only what a command needs is loaded: the time to start is mostly that. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requests } from '../support/requests.js';
import { PROGRAM, runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';

const PARTS = pathToFileURL(join(dirname(PROGRAM), '..', 'dist', 'program')).href;

/** What takes its time to load. */
const NEEDED_BY_SOME = [
  'avro-source',
  'avsc',
  'chokidar',
  'cli-table3',
  'demo',
  'picomatch',
  'pino',
  'pino-pretty',
  'pull-source',
  'spool-batch',
  'spool-directory',
  'table',
];

const directory = scratch();

/** What was loaded in a run in a directory with a log, a line that is none, and a spool directory. */
async function loadedBy(args: readonly string[]): Promise<string[]> {
  const scripts = await scriptsOf(args);
  const names = scripts.flatMap((url) => nameOf(url) ?? []);
  return [...new Set(names)].sort();
}

/** A part of the program, named after what is in it, or a package that was not put into it. */
function nameOf(url: string): string | undefined {
  if (url.startsWith(PARTS)) return url.slice(PARTS.length + 1).replace(/\.cjs$/, '');
  return /.*\/node_modules\/([^/]+)/.exec(url)?.[1];
}

/** The files that V8 saw, however they were loaded. */
async function scriptsOf(args: readonly string[]): Promise<string[]> {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  writeFileSync(join(cwd, 'spool', 'a.log'), requests('/a'));
  writeFileSync(join(cwd, 'one.log'), requests('/a'));
  writeFileSync(join(cwd, 'odd.log'), 'no log line\n');
  const { code } = await runToEnd(args, { cwd, env: { NODE_V8_COVERAGE: join(cwd, 'seen') } });
  expect(code).toBe(0);
  const reports = readdirSync(join(cwd, 'seen')).map((name) =>
    readFileSync(join(cwd, 'seen', name)),
  );
  const seen: { url: string }[] = reports.flatMap((report) => JSON.parse(String(report)).result);
  return seen.map(({ url }) => url).filter((url) => url.startsWith('file:'));
}

describe.concurrent('what is loaded', () => {
  it('for the version is the command alone', async () => {
    expect(await scriptsOf(['--version'])).toEqual([pathToFileURL(PROGRAM).href]);
  });

  it('to count a file is one part, and what reads the command line', async () => {
    expect(await loadedBy(['count', 'one.log'])).toEqual([
      'commander',
      'common',
      'logwin',
      'rolldown-runtime',
    ]);
  });

  const briefly = ['--ticks', '1', '--slide', '0.1'];

  it.each<[string, string[], string[]]>([
    ['the help', ['--help'], []],
    ['a message', ['count', 'odd.log'], ['pino']],
    ['a table', ['count', 'one.log', '-o', 'table'], ['cli-table3', 'table']],
    ['a batch run', ['watch', 'spool', '--once'], ['picomatch', 'pino', 'spool-batch']],
    ['a directory', ['watch', 'spool', ...briefly], ['picomatch', 'pino', 'spool-directory']],
    [
      'a tree',
      ['watch', 'spool', '--recursive', ...briefly],
      ['chokidar', 'picomatch', 'pino', 'spool-directory'],
    ],
    ['a port', ['watch', 'avro://:0', ...briefly], ['avro-source', 'avsc', 'pino']],
    ['a sink', ['watch', 'flume+pull://127.0.0.1:1', ...briefly], ['avsc', 'pino', 'pull-source']],
    ['traffic', ['demo', ...briefly], ['demo', 'picomatch', 'pino', 'spool-directory']],
  ])('for %s is what it needs', async (_, args, expected) => {
    const loaded = await loadedBy(args);
    expect(loaded.filter((name) => NEEDED_BY_SOME.includes(name))).toEqual(expected);
  });
});
