/**
 * Runs `logwin watch` and notes when each snapshot arrived at the reading end of its pipe. The reader
 * is this process: it does little else meanwhile, and notes how late it was itself.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LOGWIN } from './program.js';

/**
 * @typedef {object} Seen a snapshot
 * @property {number} arrived milliseconds since the epoch, at the end of its line
 * @property {number} end of its window, the same
 * @property {number} lines counted and rejected ones in the window
 * @property {number} distinct
 * @property {boolean} other whether the bounds were met
 */

const LOOK_EVERY = 10;

export class Watching {
  /** @type {Seen[]} */
  seen = [];
  /** How late the reader's own timer was at most, in milliseconds. */
  readerLate = 0;
  spool;
  #child;
  #log;
  #rest = '';
  #ended = false;
  #due = 0;
  /** @type {NodeJS.Timeout} */
  #timer;

  /**
   * @param {string} work
   * @param {...string} args
   */
  constructor(work, ...args) {
    this.spool = join(work, 'spool');
    this.#log = join(work, 'watch.log');
    mkdirSync(this.spool, { recursive: true });
    const log = openSync(this.#log, 'w');
    const [program, ...script] = [...LOGWIN, 'watch', this.spool, '-o', 'ndjson', ...args];
    this.#child = spawn(program, script, { stdio: ['ignore', 'pipe', log] });
    closeSync(log);
    this.#child.stdout?.on('data', (chunk) => this.#read(Date.now(), chunk));
    this.#child.on('exit', () => {
      this.#ended = true;
    });
    process.on('exit', this.clear);
    this.#due = performance.now() + LOOK_EVERY;
    this.#timer = setInterval(() => this.#lookAtReader(), LOOK_EVERY);
  }

  /**
   * Waits for a newest snapshot like this.
   * @param {(newest: Seen) => boolean} condition
   * @param {string} what for the message
   * @param {number} seconds
   */
  async until(condition, what, seconds = 120) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const newest = this.seen.at(-1);
      if (newest && condition(newest)) return newest;
      if (this.#ended) throw new Error(`watch ended by itself: ${this.#said()}`);
      if (Date.now() > deadline) {
        throw new Error(
          `watch did not show ${what} in ${seconds} s, but ${JSON.stringify(newest)}`,
        );
      }
      await wait(LOOK_EVERY);
    }
  }

  /** Its resident memory in bytes: now, and the most it ever was. Linux only. */
  memory() {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    const [now, peak] = ['VmRSS', 'VmHWM'].map(
      (name) => Number(new RegExp(`^${name}:\\s+([0-9]+) kB$`, 'm').exec(status)?.[1]) * 1024,
    );
    return { now, peak };
  }

  /** What the processor did for it so far, in milliseconds. Linux only, in steps of 10. */
  processorTime() {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'latin1');
    // After the name of the program, which may hold anything: state is the third field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  }

  /** Ends it, and gives how many lines it accounted for. */
  async stop() {
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [code] = await exit;
    if (code !== 0) throw new Error(`watch ended with ${code}: ${this.#said()}`);
    const entries = readFileSync(this.#log, 'utf8').trim().split('\n');
    return /** @type {number} */ (JSON.parse(entries.at(-1) ?? '{}').lines);
  }

  /** Ends it if it has not ended, whatever happened, and removes what it watched. */
  clear = () => {
    clearInterval(this.#timer);
    process.off('exit', this.clear);
    this.#child.kill('SIGKILL');
    rmSync(this.spool, { recursive: true, force: true });
  };

  /** @param {number} arrived @param {Buffer} chunk */
  #read(arrived, chunk) {
    const lines = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const { end, total, rejected, distinct, top } = JSON.parse(line);
      const other = top.some((/** @type {{ other?: true }} */ row) => row.other === true);
      const window = { lines: total + rejected, distinct, other };
      this.seen.push({ arrived, end: Date.parse(end), ...window });
    }
  }

  #lookAtReader() {
    const now = performance.now();
    this.readerLate = Math.max(this.readerLate, now - this.#due);
    this.#due = now + LOOK_EVERY;
  }

  #said() {
    return readFileSync(this.#log, 'utf8').trim().split('\n').slice(-2).join(' ');
  }
}
