/** What stands beside the files of fixtures/hostile, against an oracle that shares no code with them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { lacks, lacksShared, SHARED } from '../support/surroundings.js';
import { CORPUS, sum } from './corpus.js';

const ORACLE = 'tools/expected.py';

/** Python starts once for all files: the module's directory, then the paths. */
const ASK_FOR_ALL = `
import json, sys
sys.path.insert(0, sys.argv[1])
from expected import expected
print(json.dumps([expected(path, 1000000) for path in sys.argv[2:]]))
`;

/** It knows no options, and takes each name that ends in `.gz` for that of an archive. */
const files = CORPUS.filter(
  ({ args, isBroken, name }) =>
    args.length === 0 && !isBroken && !/^(not-packed|half-of-the-magic)\.gz$/.test(name),
);

it.skipIf(lacks('python3') || lacksShared(ORACLE))(
  `the hostile files give what they are said to (needs python3 and ../shared/${ORACLE})`,
  async () => {
    const paths = files.map(({ path }) => path);
    const args = ['-B', '-c', ASK_FOR_ALL, join(SHARED, 'tools'), ...paths];
    const { stdout } = await promisify(execFile)('python3', args, { maxBuffer: 2 ** 24 });
    expect(files.length).toBeGreaterThan(30);
    expect(named(JSON.parse(stdout))).toEqual(
      named(
        files.map(({ lines, counted, rejected, rows }) => ({
          lines,
          rejected: sum(Object.values(rejected)),
          distinct: rows.length,
          total: counted,
          top: rows,
        })),
      ),
    );
  },
);

/** So that what differs is seen to belong to a file. */
function named(answers: readonly object[]): object {
  return Object.fromEntries(answers.map((answer, index) => [files[index].name, answer]));
}
