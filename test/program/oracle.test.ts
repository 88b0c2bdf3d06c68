/** `logwin count` against an oracle that shares no code with it, on real logs and on odd ones. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { KINDS, mutatedLog } from '../support/mutations.js';
import { countsOf, lastSnapshot } from '../support/read-back.js';
import { runToEnd } from '../support/run.js';
import { scratch } from '../support/scratch.js';
import { lacks, lacksShared, SHARED } from '../support/surroundings.js';

const ORACLE = 'tools/expected.py';

/** Python starts once for all files: the module's directory, then the paths. */
const ASK_FOR_ALL = `
import json, sys
sys.path.insert(0, sys.argv[1])
from expected import expected
for path in sys.argv[2:]:
    print(json.dumps(expected(path, 1000000)))
`;

interface Expected {
  readonly lines: number;
  readonly rejected: number;
  readonly distinct: number;
  readonly total: number;
  /** Keys as latin-1. */
  readonly top: readonly (readonly [key: string, count: number])[];
}

async function askOracle(paths: readonly string[]): Promise<Map<string, Expected>> {
  const args = ['-B', '-c', ASK_FOR_ALL, join(SHARED, 'tools'), ...paths];
  const { stdout } = await promisify(execFile)('python3', args, { maxBuffer: 2 ** 26 });
  const answers = stdout.trimEnd().split('\n');
  return new Map(paths.map((path, index) => [path, JSON.parse(answers[index])]));
}

async function count(path: string): Promise<Expected> {
  const args = ['count', '-n', '0', '-o', 'ndjson', '--log-level', 'silent', path];
  const { code, stdout, stderr } = await runToEnd(args);
  const snapshot = lastSnapshot(stdout);
  if (code !== 0 || snapshot === undefined) throw new Error(`It failed: ${stderr}`);
  const { total, distinct, rejected } = snapshot;
  return { lines: total + rejected, rejected, distinct, total, top: [...countsOf(snapshot)] };
}

/** Equal counts come in the order of entry from both, so the order is compared too. */
function agree(paths: () => readonly string[]): (path: string) => Promise<void> {
  let answers: Promise<Map<string, Expected>>;
  beforeAll(() => {
    answers = askOracle(paths());
  });
  return async (path) => expect(await count(path)).toEqual((await answers).get(path));
}

const directory = scratch();
const without = lacks('python3') || lacksShared(ORACLE);

describe.skipIf(without).concurrent(`real logs (need python3 and ../shared/${ORACLE})`, () => {
  const paths = ['course', 'elastic', 'crowdsec', 'lnav', 'formats'].flatMap((name) => {
    const folder = join(SHARED, 'data', name);
    return existsSync(folder) ? readdirSync(folder).map((file) => join('data', name, file)) : [];
  });
  const check = agree(() => paths.map((path) => join(SHARED, path)));

  it.each(paths)('%s', (path) => check(join(SHARED, path)));
});

describe.skipIf(without).concurrent(`generated logs (need python3 and ../shared/${ORACLE})`, () => {
  const LINES = 2000;
  const files = new Map<string, string>();
  const check = agree(() => {
    const place = directory();
    for (const [index, kind] of KINDS.entries()) {
      const path = join(place, `${index}.log`);
      writeFileSync(path, mutatedLog(kind, LINES));
      files.set(kind, path);
    }
    return [...files.values(), severalMembers(place)];
  });

  function severalMembers(place: string): string {
    const bytes = mutatedLog('all of it', LINES);
    const cuts = [0, 1, 1000, 1000, bytes.length];
    const members = cuts.slice(1).map((end, index) => gzipSync(bytes.subarray(cuts[index], end)));
    const path = join(place, 'members.gz');
    writeFileSync(path, Buffer.concat(members));
    files.set('gzip of several members', path);
    return path;
  }

  it.each([...KINDS, 'gzip of several members'])('%s', async (kind) => {
    const path = files.get(kind);
    if (path === undefined) throw new Error('It was not made.');
    await check(path);
  });
});
