/**
 * Runs a command and reads what it took. Bash is the stop-watch: its `time` reports what the system
 * says of the processes that ended, to the millisecond, for any program.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { find } from './find.js';

/**
 * @typedef {object} Cost
 * @property {number} wall seconds
 * @property {number} cpu seconds, user and system together
 */

const TIMED = `
repeat=$1; shift
TIMEFORMAT='%3R %3U %3S'
time for ((i = 0; i < repeat; i++)); do "$@" 2>&3 3>&- || exit; done`;

/**
 * The `exit` keeps Bash from becoming the command. A process is told the peak of what it was before,
 * and before it became Bash that was this process, with all its memory.
 */
const PLAIN = '"$@" 2>&3 3>&-; exit';

const PEAK_OF_NODE = fileURLToPath(new URL('peak-of-node.js', import.meta.url));

/**
 * @param {readonly string[]} command
 * @param {string} output the file that standard output goes to; standard error goes beside it
 * @param {number} repeat how often it runs; the cost is that of one
 * @returns {Cost}
 */
export function measure(command, output, repeat = 1) {
  const report = run([TIMED, String(repeat), ...command], output);
  // Bash writes the decimal sign of the locale.
  const [wall, user, system] = report.trim().replaceAll(',', '.').split(' ').map(Number);
  return { wall: wall / repeat, cpu: (user + system) / repeat };
}

/**
 * The most memory that a command had in bytes, or undefined without GNU time. Of a pipeline, it is
 * that of the largest process.
 * @param {readonly string[]} command
 * @param {string} output
 */
export function peakMemory(command, output) {
  const time = gnuTime();
  if (!time) return undefined;
  const file = `${output}.peak`;
  run([PLAIN, time, '-f', '%M', '-o', file, ...command], output);
  return Number(readFileSync(file, 'utf8').trim().split('\n').at(-1)) * 1024;
}

/** Other programs of that name do not tell the memory. */
function gnuTime() {
  const time = find('time');
  if (!time) return undefined;
  return spawnSync(time, ['-f', '%M', 'true'], { stdio: 'ignore' }).status === 0 ? time : undefined;
}

/**
 * The same of a program that runs in Node, on any machine: it says so itself when it ends.
 * @param {readonly string[]} command Node, a script, its arguments
 * @param {string} output
 */
export function peakMemoryOfNode([node, ...script], output) {
  const file = `${output}.peak`;
  run([PLAIN, node, '--import', PEAK_OF_NODE, ...script], output, { LOGWIN_BENCH_PEAK: file });
  return Number(readFileSync(file, 'utf8'));
}

/**
 * Has Bash run a script, and gives what that wrote to standard error. Standard error of the command
 * in it is descriptor 3.
 * @param {readonly string[]} script and its arguments
 * @param {string} output
 * @param {Record<string, string>} environment
 */
function run([script, ...args], output, environment = {}) {
  const out = openSync(output, 'w');
  const errors = openSync(`${output}.err`, 'w');
  try {
    const { status, signal, error, stderr } = spawnSync('bash', ['-c', script, 'bash', ...args], {
      stdio: ['ignore', out, 'pipe', errors],
      env: { ...process.env, ...environment },
      encoding: 'utf8',
    });
    if (error) throw error;
    if (status === 0) return stderr;
    const said = readFileSync(`${output}.err`, 'utf8').trim().split('\n').slice(-3).join('\n');
    throw new Error(`${args.join(' ')}: ended with ${signal ?? status}. ${said}`);
  } finally {
    closeSync(out);
    closeSync(errors);
  }
}
