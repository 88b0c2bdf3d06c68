/** Standard output through real pipes, into files, and closed; standard input from all of these. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lastSnapshot, recordsIn, said, snapshotsIn } from '../support/read-back.js';
import { distinctRequests, requests } from '../support/requests.js';
import { namesIn, scratch } from '../support/scratch.js';
import { type ShellResult, shell } from '../support/shell.js';
import { lacks } from '../support/surroundings.js';

const LOG = `${requests('/a', '/b', '/a')}no log line\n`;
const TICKING = '--slide 0.4 --window 60 --ticks 3';

const directory = scratch();

/** A directory with a log and a spool directory that holds a copy of it. */
function place(): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  for (const name of ['access.log', 'spool/access.log']) writeFileSync(join(cwd, name), LOG);
  return cwd;
}

function inPlace(script: string): Promise<ShellResult> {
  return shell(script, { cwd: place() });
}

describe.skipIf(lacks('bash')).concurrent('standard output (needs bash)', () => {
  it('ends by itself with 0 when `head` has seen enough', async () => {
    const { stdout, stderr } = await inPlace(
      `logwin watch ./spool --slide 0.2 -o ndjson | head -1; echo "\${PIPESTATUS[0]}"`,
    );
    const [line, code] = stdout.trimEnd().split('\n');
    expect(snapshotsIn(`${line}\n`)).toHaveLength(1);
    expect(code).toBe('0');
    expect(recordsIn(stderr).at(-1)?.msg).toBe('The run has ended.');
    expect(recordsIn(stderr).filter(({ level }) => level > 40)).toEqual([]);
  });

  it.skipIf(lacks('jq'))('is read by jq (needs jq)', async () => {
    const { stdout } = await inPlace(`logwin watch ./spool ${TICKING} -o ndjson | jq -c .total`);
    expect(stdout.split('\n')).toHaveLength(4);
    expect(stdout).toMatch(/\n3\n$/);
  });

  it.skipIf(lacks('awk'))('is read by awk (needs awk)', async () => {
    const sum = `awk -F '\\t' '{ rows++; sum += $3; if ($2 == 1) first = $4 } END { print NR, sum, first }'`;
    const { stdout } = await inPlace(`logwin count -o tsv access.log | ${sum}`);
    expect(stdout).toBe('2 3 /a\n');
  });

  it.each(['ndjson', 'tsv', 'csv', 'table', 'pprint', 'json'])(
    'holds nothing but data in a file, and no escape sequence: %s',
    async (format) => {
      const cwd = place();
      const { code, stdout, stderr } = await shell(
        `logwin watch ./spool ${TICKING} --settle 0.1 -o ${format} > out`,
        { cwd },
      );
      expect([code, stdout]).toEqual([0, '']);
      expect(said(stderr, 'A line is rejected')).toHaveLength(1);
      const out = readFileSync(join(cwd, 'out'), 'utf8');
      expect(isNothingBut(format, out)).toBe(true);
      expect(out).toContain('/a');
    },
  );

  it('is flushed at every snapshot, before the next', async () => {
    const { stdout } = await inPlace(
      `logwin watch ./spool --slide 1 --ticks 3 -o ndjson | while IFS= read -r line; do
        printf '{"version":1,"seen":%s,"snapshot":%s}\\n' "\${EPOCHREALTIME/[.,]/}" "$line"
      done`,
    );
    const seen: { seen: number; snapshot: { end: string } }[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(seen).toHaveLength(3);
    for (const { seen: at, snapshot } of seen) {
      expect(at / 1000 - Date.parse(snapshot.end)).toBeLessThan(1000);
    }
  });

  it('appends to a file that others write too', async () => {
    const cwd = place();
    const count = 'logwin count -o ndjson access.log >> out';
    await shell(`echo '{"version":1,"top":[]}' > out; ${count} & ${count}; wait`, { cwd });
    const totals = snapshotsIn(readFileSync(join(cwd, 'out'), 'utf8')).map(({ total }) => total);
    expect(totals).toEqual([undefined, 3, 3]);
  });

  it('ends quietly with 0 when `count` writes to a closed pipe', async () => {
    const cwd = directory();
    writeFileSync(join(cwd, 'many.log'), distinctRequests(20_000));
    const { stdout, stderr } = await shell(
      `logwin count -n 0 -o tsv many.log | head -1; echo "\${PIPESTATUS[0]}"`,
      { cwd },
    );
    expect(stdout).toMatch(/^\S+\t1\t1\t\/page-0\n0\n$/);
    expect(stderr).toBe('');
  });
});

describe.skipIf(lacks('bash')).concurrent('a closed descriptor (needs bash)', () => {
  it('of standard error: the run goes on, and the log goes nowhere else', async () => {
    const cwd = place();
    const script = `logwin watch ./spool ${TICKING} --settle 0.1 -o ndjson 2>&-`;
    const { code, stdout, stderr } = await shell(script, { cwd });
    expect([code, stderr]).toEqual([0, '']);
    expect(snapshotsIn(stdout)).toHaveLength(3);
    expect(lastSnapshot(stdout)?.total).toBe(3);
  });

  it('of standard error whose reader has gone: the run goes on', async () => {
    const { stdout } = await inPlace(
      `{ logwin watch ./spool ${TICKING} -o ndjson 2>&3 | cat; echo "\${PIPESTATUS[0]}" >&4; } 3>&1 4>code >out | :; cat code out`,
    );
    const [code, ...lines] = stdout.split('\n');
    expect(code).toBe('0');
    expect(lastSnapshot(lines.join('\n'))?.total).toBe(3);
  });

  it('of standard output: it ends with 0', async () => {
    expect(await inPlace('logwin count access.log --log-level silent >&-')).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('of standard input does not matter to a directory', async () => {
    const { code, stdout } = await inPlace(`logwin watch ./spool ${TICKING} -o ndjson <&-`);
    expect([code, lastSnapshot(stdout)?.total]).toEqual([0, 3]);
  });
});

describe.skipIf(lacks('bash')).concurrent('standard input (needs bash)', () => {
  it('under `watch` prints the last snapshot at once when it ends', async () => {
    const { code, stdout } = await inPlace(
      'set -o pipefail; cat access.log | logwin watch - --window 1h --slide 1h -o ndjson',
    );
    expect(code).toBe(0);
    expect(snapshotsIn(stdout)).toMatchObject([{ total: 3, rejected: 1, distinct: 2 }]);
  });

  it('ends, and the other sources go on', async () => {
    const { code, stdout } = await inPlace(
      `cat access.log | logwin watch - ./spool ${TICKING} -o ndjson`,
    );
    expect(code).toBe(0);
    expect(snapshotsIn(stdout)).toHaveLength(3);
    expect(lastSnapshot(stdout)?.total).toBe(6);
  });

  it.each([
    ['a file', 'logwin count -o ndjson < access.log', 3],
    ['a pipe', 'cat access.log | logwin count -o ndjson', 3],
    ['a compressed pipe', 'gzip -c access.log | logwin count -o ndjson', 3],
    [
      'a pipe that is slow',
      '(cat access.log; sleep 0.5; cat access.log) | logwin count -o ndjson',
      6,
    ],
    ['nothing', 'logwin count -o ndjson < /dev/null', 0],
    ['a FIFO', 'mkfifo f; cat access.log > f & logwin count -o ndjson f', 3],
    ['process substitution', 'logwin count -o ndjson <(cat access.log) <(cat access.log)', 6],
    ['compressed process substitution', 'logwin count -o ndjson <(gzip -c access.log)', 3],
  ])('of `count` may be %s', async (_, script, total) => {
    const { code, stdout } = await inPlace(script);
    expect([code, lastSnapshot(stdout)?.total]).toEqual([0, total]);
  });
});

describe.skipIf(lacks('bash')).concurrent('several files (need bash)', () => {
  it('are counted together with standard input', async () => {
    const cwd = place();
    writeFileSync(join(cwd, 'old.gz'), gzipSync(requests('/old')));
    const { code, stdout } = await shell(
      'logwin count -o ndjson access.log old.gz - < access.log',
      { cwd },
    );
    expect([code, lastSnapshot(stdout)?.total]).toEqual([0, 7]);
    expect(namesIn(cwd)).toEqual(['access.log', 'old.gz', 'spool']);
  });

  it('one of which is missing: the others are counted, and the code is 1', async () => {
    const { code, stdout, stderr } = await inPlace(
      'logwin count -o ndjson missing.log access.log spool',
    );
    expect([code, lastSnapshot(stdout)?.total]).toEqual([1, 3]);
    expect(said(stderr, 'cannot be read').map(({ file }) => file)).toEqual([
      'missing.log',
      'spool',
    ]);
  });
});

function isNothingBut(format: string, text: string): boolean {
  if (text.includes('\x1b')) return false;
  switch (format) {
    case 'ndjson':
      return snapshotsIn(text).length === 3;
    case 'json':
      // Documents one after the other, each from a line of its own.
      return text.split(/(?<=^}\n)/m).filter((one) => JSON.parse(one).version === 1).length === 3;
    case 'tsv':
      return /^(\S{24}\t\d+\t\d+\t\/[ab]\n)+$/.test(text);
    case 'csv':
      return /^time,rank,count,url\r\n(\S{24},\d+,\d+,\/[ab]\r\n)+$/.test(text);
    case 'table':
      return /^(last 1m to .*\n( *rank.*\n(─| )+\n( +\d .*\n)*)?\n?)+$/.test(text);
    default:
      return /^(-{43}\nTime: .*\n-{43}\n(\('\/[ab]', \d+\)\n)*\n)+$/.test(text);
  }
}
