/** Only what a command needs is loaded: the time to start is mostly that. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { requests } from '../support/requests.js';
import { PROGRAM, runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';

const DIST = pathToFileURL(join(dirname(PROGRAM), '..', 'dist')).href;

const directory = scratch();

interface Loaded {
  /** `cli/main.js`: what was built from `src/`. */
  readonly own: readonly string[];
  /** Those that we depend on, and those that they do. */
  readonly packages: readonly string[];
}

/** What was loaded in a run in a directory with a log, a line that is none, and a spool directory. */
async function loadedBy(args: readonly string[]): Promise<Loaded> {
  const scripts = await scriptsOf(args);
  const packages = scripts.flatMap((url) => /.*\/node_modules\/([^/]+)/.exec(url)?.[1] ?? []);
  return {
    own: scripts.filter((url) => url.startsWith(DIST)).map((url) => url.slice(DIST.length + 1)),
    packages: [...new Set(packages)].sort(),
  };
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
  const [report] = readdirSync(join(cwd, 'seen'));
  const { result } = JSON.parse(readFileSync(join(cwd, 'seen', report), 'utf8'));
  return result
    .map(({ url }: { url: string }) => url)
    .filter((url: string) => url.startsWith('file:'));
}

describe.concurrent('what is loaded', () => {
  it('for the version is the command alone', async () => {
    expect(await scriptsOf(['--version'])).toEqual([pathToFileURL(PROGRAM).href]);
  });

  it('to count a file is neither another source, nor another format, nor the log', async () => {
    const { own, packages } = await loadedBy(['count', 'one.log']);
    expect(packages).toEqual(['commander']);
    expect(own.filter((file) => /^(source\/spool|traffic)\/|demo|watch/.test(file))).toEqual([]);
    const sinks = own.filter((file) => file.startsWith('sink/')).sort();
    expect(sinks).toEqual([
      'sink/create-sink.js',
      'sink/format.js',
      'sink/on-change.js',
      'sink/records.js',
      'sink/tsv.js',
    ]);
  });

  it('to watch a directory are not the sources that are streams', async () => {
    const { own } = await loadedBy(['watch', 'spool', '--once']);
    expect(own).toContain('source/spool/spool-batch.js');
    expect(own.filter((file) => file.startsWith('source/stream/'))).toEqual([]);
  });

  const briefly = ['--ticks', '1', '--slide', '0.1'];

  it.each<[string, string[], string[]]>([
    ['the help', ['--help'], []],
    ['a message', ['count', 'odd.log'], ['pino']],
    ['a table', ['count', 'one.log', '-o', 'table'], ['cli-table3']],
    ['a directory', ['watch', 'spool', ...briefly], ['picomatch', 'pino']],
    ['a tree', ['watch', 'spool', '--recursive', ...briefly], ['chokidar', 'picomatch', 'pino']],
  ])('for %s are the packages of it', async (_, args, expected) => {
    const { packages } = await loadedBy(args);
    const ours = ['chokidar', 'cli-table3', 'commander', 'picomatch', 'pino', 'pino-pretty'];
    expect(packages.filter((name) => ours.includes(name))).toEqual(
      ['commander', ...expected].sort(),
    );
  });
});
