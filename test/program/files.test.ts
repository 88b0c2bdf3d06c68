/** Every way in which a file comes into the directory, and every way out: each line counted once. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countsOf, lastSnapshot, recordsIn, said } from '../support/read-back.js';
import { requests } from '../support/requests.js';
import { type Run, run } from '../support/run.js';
import { namesIn, scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';

const execute = promisify(execFile);
const directory = scratch();

/** A directory on another file system, where there is one that a user may write to. */
const MEMORY = '/dev/shm';
const elsewhere = scratch(MEMORY);
const noElsewhere =
  !existsSync(MEMORY) || statSync(MEMORY).dev === statSync(import.meta.dirname).dev;

interface Watched {
  readonly logwin: Run;
  readonly spool: string;
  /** Beside the spool directory. */
  outside(name: string): string;
  /** Resolves when that many files are finished, and a snapshot after that has come. */
  finished(count: number): Promise<void>;
  /** What the newest snapshot has, once the run was ended. */
  counts(): Promise<Record<string, number>>;
}

/** A `watch` that has begun. */
async function watching(...args: string[]): Promise<Watched> {
  return watchingIn(directory(), ...args);
}

async function watchingIn(base: string, ...args: string[]): Promise<Watched> {
  const spool = join(base, 'spool');
  mkdirSync(spool);
  const settle = args.includes('--settle') ? [] : ['--settle', '0.3'];
  const output = ['--slide', '0.1', '-n', '0', '-o', 'ndjson', '--log-level', 'debug'];
  const logwin = run(['watch', spool, ...output, ...settle, ...args]);
  await logwin.until(({ stderr }) => said(stderr, 'Watching begins').length > 0);
  return {
    logwin,
    spool,
    outside: (name) => join(base, name),
    finished: async (count) => {
      await logwin.until(({ stderr }) => said(stderr, 'A file is finished').length === count);
      const { length } = logwin.written.stdout;
      await logwin.until(({ stdout }) => stdout.slice(length).includes('\n'));
    },
    counts: async () => {
      logwin.kill('SIGTERM');
      const { code, stdout, stderr } = await logwin.exited;
      const snapshot = lastSnapshot(stdout);
      if (code !== 0 || snapshot === undefined) throw new Error(stderr);
      return Object.fromEntries(countsOf(snapshot));
    },
  };
}

describe.skipIf(lacks('cp', 'mv')).concurrent('a file that comes in', () => {
  it.skipIf(noElsewhere)(
    `by mv from another file system is counted once (needs ${MEMORY})`,
    async () => {
      const { spool, finished, counts } = await watching();
      const source = join(elsewhere(), 'a.log');
      writeFileSync(source, requests('/a').repeat(20_000));
      utimesSync(source, 1_700_000_000, 1_700_000_000);
      await execute('mv', [source, spool]);
      await finished(1);
      expect(namesIn(spool)).toEqual(['a.log.COMPLETED']);
      expect(statSync(join(spool, 'a.log.COMPLETED')).mtimeMs).toBe(1_700_000_000_000);
      expect(await counts()).toEqual({ '/a': 20_000 });
    },
  );

  it('by cp -p is counted once, although its time is set last', async () => {
    const { logwin, spool, outside, finished, counts } = await watching();
    writeFileSync(outside('a.log'), requests('/a').repeat(20_000));
    utimesSync(outside('a.log'), 1_700_000_000, 1_700_000_000);
    await execute('cp', ['-p', outside('a.log'), spool]);
    await finished(1);
    expect(namesIn(spool)).toEqual(['a.log.COMPLETED']);
    expect(recordsIn(logwin.written.stderr).filter(({ level }) => level > 30)).toEqual([]);
    expect(await counts()).toEqual({ '/a': 20_000 });
  });

  it('a byte at a time is counted as it grows, each line when it is whole', async () => {
    const { logwin, spool, finished, counts } = await watching('--settle', '1');
    const bytes = Buffer.from(requests('/a', '/b', '/c'));
    for (const byte of bytes) await appendFile(join(spool, 'slow.log'), Buffer.of(byte));
    await finished(1);
    const { stdout } = logwin.written;
    expect(stdout).not.toMatch(/"rejected":[1-9]/);
    expect(await counts()).toEqual({ '/a': 1, '/b': 1, '/c': 1 });
  });

  it('shows its first lines before the rest has come', async () => {
    const { logwin, spool, finished, counts } = await watching('--settle', '1');
    writeFileSync(join(spool, 'a.log'), requests('/a').slice(0, 20));
    await appendFile(
      join(spool, 'a.log'),
      `${requests('/a').slice(20)}${requests('/b').slice(0, 9)}`,
    );
    await logwin.until(({ stdout }) => lastSnapshot(stdout)?.total === 1);
    expect(namesIn(spool)).toEqual(['a.log']);
    await appendFile(join(spool, 'a.log'), requests('/b').slice(9));
    await finished(1);
    expect(await counts()).toEqual({ '/a': 1, '/b': 1 });
  });

  it('compressed in several members is counted to its end, whatever its name', async () => {
    const { spool, finished, counts } = await watching();
    const members = ['/a', '/b', '/a'].map((url) => gzipSync(requests(url)));
    writeFileSync(join(spool, 'a.log'), Buffer.concat(members));
    await finished(1);
    expect(await counts()).toEqual({ '/a': 2, '/b': 1 });
  });

  it('compressed and cut is set aside, and keeps nothing waiting', async () => {
    const { logwin, spool, finished, counts } = await watching();
    writeFileSync(join(spool, 'bad.gz'), gzipSync(requests('/a')).subarray(0, -12));
    writeFileSync(join(spool, 'good.log'), requests('/b'));
    await finished(1);
    await logwin.until(({ stderr }) => said(stderr, 'set aside').length === 1);
    expect(namesIn(spool)).toEqual(['bad.gz.FAILED', 'good.log.COMPLETED']);
    expect((await counts())['/b']).toBe(1);
  });

  it('under a name that was used is counted again, and overwrites nothing', async () => {
    const { spool, finished, counts } = await watching();
    for (const drop of [1, 2, 3]) {
      writeFileSync(join(spool, 'a.log'), requests(`/${drop}`));
      await finished(drop);
    }
    const names = ['a.log.COMPLETED', 'a.log.2.COMPLETED', 'a.log.3.COMPLETED'];
    const contents = names.map((name) => readFileSync(join(spool, name), 'utf8'));
    expect(contents).toEqual(['/1', '/2', '/3'].map((url) => requests(url)));
    expect(await counts()).toEqual({ '/1': 1, '/2': 1, '/3': 1 });
  });

  it('and is appended to after it was finished: the addition is counted', async () => {
    const { logwin, spool, finished, counts } = await watching();
    writeFileSync(join(spool, 'a.log'), requests('/a'));
    await finished(1);
    await appendFile(join(spool, 'a.log.COMPLETED'), requests('/b'));
    await logwin.until(({ stdout }) => lastSnapshot(stdout)?.total === 2);
    expect(said(logwin.written.stderr, 'appended to')).toHaveLength(1);
    expect(await counts()).toEqual({ '/a': 1, '/b': 1 });
  });
});

describe.concurrent('a finished file', () => {
  it('goes with --after delete', async () => {
    const { spool, finished, counts } = await watching('--after', 'delete');
    writeFileSync(join(spool, 'a.log'), requests('/a'));
    await finished(1);
    expect(namesIn(spool)).toEqual([]);
    expect(await counts()).toEqual({ '/a': 1 });
  });

  it('stays with --after keep, and what is added is counted', async () => {
    const { spool, finished, counts } = await watching('--after', 'keep');
    writeFileSync(join(spool, 'a.log'), requests('/a'));
    await finished(1);
    await appendFile(join(spool, 'a.log'), requests('/b'));
    await finished(2);
    expect(namesIn(spool)).toEqual(['a.log']);
    expect(await counts()).toEqual({ '/a': 1, '/b': 1 });
  });

  it.skipIf(noElsewhere)(`moves to another file system (needs ${MEMORY})`, async () => {
    const done = join(elsewhere(), 'done');
    const { spool, finished, counts } = await watching('--after', `move:${done}`);
    for (const drop of [1, 2]) {
      writeFileSync(join(spool, 'a.log'), requests(`/${drop}`));
      utimesSync(join(spool, 'a.log'), 1_700_000_000, 1_700_000_000);
      await finished(drop);
    }
    expect(namesIn(spool)).toEqual([]);
    expect(namesIn(done)).toEqual(['a.log', 'a.log.2']);
    expect(readFileSync(join(done, 'a.log.2'), 'utf8')).toBe(requests('/2'));
    expect(statSync(join(done, 'a.log')).mtimeMs).toBe(1_700_000_000_000);
    expect(await counts()).toEqual({ '/1': 1, '/2': 1 });
  });

  it('moves to a directory within the one that is watched, which is not read', async () => {
    const base = directory();
    const done = join(base, 'spool', 'done');
    const { finished, spool, counts } = await watchingIn(
      base,
      '--recursive',
      '--after',
      `move:${done}`,
    );
    mkdirSync(join(spool, 'below'));
    writeFileSync(join(spool, 'below', 'a.log'), requests('/a'));
    await finished(1);
    expect(readFileSync(join(done, 'below', 'a.log'), 'utf8')).toBe(requests('/a'));
    writeFileSync(join(spool, 'b.log'), requests('/b'));
    await finished(2);
    expect(await counts()).toEqual({ '/a': 1, '/b': 1 });
  });
});

describe.concurrent('the names of files', () => {
  const NAMES = [
    'with space.log',
    '-n',
    '--version',
    'quo\'te".log',
    'back\\slash',
    'new\nline.log',
    'tab\t.log',
    'escape\x1b[31m.log',
    'c1\x9b.log',
    'right\u202eleft.log',
    '$(touch pwned)',
    '*',
    'ünï日本.log',
  ];

  it('may be anything: each is counted, retired, and escaped in the log', async () => {
    const { logwin, spool, finished, counts } = await watching();
    for (const name of NAMES) writeFileSync(join(spool, name), requests('/a'));
    await finished(NAMES.length);
    expect(namesIn(spool)).toEqual(NAMES.map((name) => `${name}.COMPLETED`).sort());
    const { stderr } = logwin.written;
    // What strangers named reaches neither a terminal nor a reader of lines.
    expect(/[^\P{Cc}\n]|\p{Bidi_Control}/u.test(stderr)).toBe(false);
    const files = said(stderr, 'A file is finished').map(({ file }) => String(file));
    expect(files).toContain(join(spool, 'new\\nline.log'));
    expect(files).toContain(join(spool, 'escape\\x1b[31m.log'));
    expect(files).toContain(join(spool, 'c1\\xc2\\x9b.log'));
    expect(files.some((file) => /\p{Cc}|\p{Bidi_Control}/u.test(file))).toBe(false);
    expect(await counts()).toEqual({ '/a': NAMES.length });
  });

  it('of the directory as well', async () => {
    const base = directory();
    const name = '-spool \x1b[31m\n';
    mkdirSync(join(base, name));
    writeFileSync(join(base, name, 'a.log'), requests('/a'));
    const args = ['watch', '--once', '-o', 'ndjson', '--', name];
    const { code, stdout, stderr } = await run(args, { cwd: base, input: '' }).exited;
    expect([code, lastSnapshot(stdout)?.total]).toEqual([0, 1]);
    expect(said(stderr, 'What is there is counted')[0].sources).toBe('-spool \\x1b[31m\\n');
  });
});
