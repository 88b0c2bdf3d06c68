/** The programs that `logwin count` stands beside: how each is called, and how its answer reads. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { countsAndKeys } from './answers.js';
import { find } from './find.js';

/**
 * @typedef {object} Peer
 * @property {string} name as the report has it
 * @property {string} program as it is found on PATH
 * @property {(program: string, log: string, threads: number) => string[]} command
 * @property {(text: string) => import('./answers.js').Answer} read its output
 * @property {import('./answers.js').Extent} extent what of its answer can be compared, on a clean log
 * @property {string[]} version the arguments that have it print its version
 * @property {string[]} [where] the arguments that have it print where it really is; see `locate`
 * @property {string} [by] what it counts, as logwin calls it, if not `url`
 * @property {number} [lines] the log that it gets, if not the usual one: it is slow
 * @property {true} [clean] it cannot read lines that are not UTF-8, and gets the clean log
 * @property {string} [note] how its work differs
 */

const SLICE = 200_000;
const AWK = '{c[$7]++} END {for (k in c) print c[k], k}';

/** @type {Record<'gawk' | 'mawk' | 'wc' | 'duckdb', Peer>} */
export const PEERS = {
  gawk: {
    name: 'gawk',
    program: 'gawk',
    command: (program, log) => [program, AWK, log],
    read: countsAndKeys,
    extent: 'all',
    version: ['--version'],
    note: 'the seventh word of every line; no format, no order',
  },
  mawk: {
    name: 'mawk',
    program: 'mawk',
    command: (program, log) => [program, AWK, log],
    read: countsAndKeys,
    extent: 'all',
    version: ['-W', 'version'],
    note: 'as gawk',
  },
  wc: {
    name: 'wc -l',
    program: 'wc',
    command: (program, log) => [program, '-l', log],
    read: (text) => ({ lines: Number.parseInt(text, 10) }),
    extent: 'lines',
    version: ['--version'],
    note: 'counts line ends only',
  },
  duckdb: {
    name: 'DuckDB',
    program: 'duckdb',
    command: (program, log, threads) => [
      program,
      ...['-noheader', '-list', '-separator', ' '],
      ...['-c', `SET threads=${threads}`, '-c', duckdbQuery(log)],
    ],
    read: countsAndKeys,
    extent: 'all',
    version: ['--version'],
    where: ['-c', '.shell readlink /proc/$PPID/exe'],
    note: 'leaves out lines that are not UTF-8',
  },
};

/** @type {readonly Peer[]} */
export const OTHERS = [
  {
    name: 'cut, sort, uniq',
    program: 'sort',
    command: (sort, log) => [
      'bash',
      '-c',
      `cut -d ' ' -f 7 "$2" | "$1" | uniq -c | "$1" -rn`,
      'bash',
      sort,
      log,
    ],
    read: countsAndKeys,
    extent: 'all',
    version: ['--version'],
    note: 'several processes; memory of the largest',
  },
  {
    name: 'Python, re',
    program: 'python3',
    command: (program, log) => [program, script('count-urls.py'), log],
    read: countsAndKeys,
    extent: 'all',
    version: ['--version'],
    where: ['-c', 'import sys; print(sys.executable)'],
  },
  {
    name: 'Node, readline',
    program: 'node',
    command: (program, log) => [program, script('count-urls.js'), log],
    read: countsAndKeys,
    extent: 'all',
    version: ['--version'],
  },
  {
    name: 'angle-grinder',
    program: 'agrind',
    command: (program, log) => [
      program,
      ...['--file', log, '--output', 'json'],
      '* | parse "* - * [*] \\"* * *\\" *" as host, user, time, method, url, protocol, rest | count by url',
    ],
    read: readAngleGrinder,
    extent: 'all',
    version: ['--version'],
  },
  {
    name: 'GoAccess',
    program: 'goaccess',
    command: (program, log) => [
      program,
      ...['--no-global-config', '--no-progress', '--log-format=COMBINED', '-o', 'json', log],
    ],
    read: (text) => ({ lines: JSON.parse(text).general.total_requests }),
    extent: 'lines',
    version: ['--version'],
    lines: SLICE,
    note: 'makes a whole report, with visitors, systems, referers and more',
  },
  {
    name: 'ngxtop',
    program: 'ngxtop',
    command: (program, log) => [
      program,
      ...['--no-follow', '-l', log, '-f', 'combined', 'top', 'request_path'],
    ],
    read: readNgxtop,
    extent: 'top',
    version: ['--version'],
    by: 'path',
    lines: SLICE,
    clean: true,
    note: 'paths without their queries, on both sides; no odd lines, for it stops at them',
  },
];

/**
 * Where a peer is, or undefined. What is found on PATH may be a script that starts the program, as
 * version managers and pip install it; its time is not the program's, so it is stepped over.
 * @param {Peer} peer
 */
export function locate({ program, where }) {
  const found = find(program);
  if (!found || !where) return found;
  try {
    return firstLine(found, where) || found;
  } catch {
    return found;
  }
}

/**
 * The first line that it prints of its version.
 * @param {Peer} peer
 */
export function versionOf(peer) {
  const program = locate(peer);
  if (!program) return undefined;
  try {
    return firstLine(program, peer.version);
  } catch {
    return 'unknown';
  }
}

/** @param {string} program @param {readonly string[]} args */
function firstLine(program, args) {
  const text = execFileSync(program, args, {
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return text.trim().split('\n')[0];
}

/** @param {string} name */
function script(name) {
  return fileURLToPath(new URL(`peers/${name}`, import.meta.url));
}

/**
 * A table of one column, the lines: what separates columns is in none, and quotes mean nothing.
 * @param {string} log
 */
function duckdbQuery(log) {
  const table = `read_csv('${log.replaceAll("'", "''")}', columns = {'line': 'VARCHAR'},
    auto_detect = false, header = false, delim = chr(1), quote = '', escape = '', ignore_errors = true)`;
  return `SELECT count(*) AS count, split_part(line, ' ', 7) AS url FROM ${table}
    GROUP BY url ORDER BY count DESC`;
}

/** @param {string} text an array of rows, or a row a line @returns {import('./answers.js').Answer} */
function readAngleGrinder(text) {
  /** @type {{ url: string, _count: number }[]} */
  const rows = text.trim().startsWith('[')
    ? JSON.parse(text)
    : text.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : []));
  return {
    lines: rows.reduce((sum, row) => sum + row._count, 0),
    counts: new Map(rows.map((row) => [row.url, row._count])),
  };
}

/** @param {string} text rows like `| /path | 17 |` @returns {import('./answers.js').Answer} */
function readNgxtop(text) {
  const rows = [...text.matchAll(/^\| (\S+) +\| +([0-9]+) \|$/gm)];
  return { lines: Number.NaN, counts: new Map(rows.map(([, path, n]) => [path, Number(n)])) };
}
