/** The notes' own log and agent file, and what the notes' expression counts. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { SHARED } from '../support/surroundings.js';

const LOG = join(SHARED, 'data/course/access_log.txt.gz');
const AGENT_FILES = join(SHARED, 'data/flume-conf');

export function courseLog(): Buffer {
  return gunzipSync(readFileSync(LOG));
}

/** As a snapshot has it, ten rows. */
export function courseAnswer() {
  const answer: unknown = JSON.parse(
    execFileSync('python3', [join(SHARED, 'tools/expected.py'), LOG], { encoding: 'utf8' }),
  );
  const { lines, rejected, distinct, total, top } = answer as {
    lines: number;
    rejected: number;
    distinct: number;
    total: number;
    top: [url: string, count: number][];
  };
  const rows = top.map(([url, count], index) => ({ rank: index + 1, url, count }));
  return { lines, rows, snapshot: { total, rejected, distinct, top: rows } };
}

/** The notes' agent file; only where it looks and whom it sends to are others. */
export function courseFile(spool: string, port: number, more = ''): string {
  const text = agentFileOf('sparkstreamingflume.conf')
    .replace(/^(a1\.sources\.r1\.spoolDir) = .*$/m, `$1 = ${spool}`)
    .replace(/^(a1\.sinks\.k1\.port) = .*$/m, `$1 = ${port}`);
  return `${text}\n${more}`;
}

export function agentFileOf(name: string): string {
  return readFileSync(join(AGENT_FILES, name), 'utf8');
}
