/** A program of ours that runs until it is told to end, and what a process took so far. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** In which the system counts. */
const TICKS_A_SECOND = 100;

export class Running {
  /**
   * Resolves when it says that what it was asked for begins.
   * @type {Promise<void>}
   */
  begins;
  #said = '';
  #child;
  /** @type {Promise<number | null>} */
  #exit;

  /** @param {string} program @param {readonly string[]} args */
  constructor(program, args) {
    this.#child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    process.on('exit', this.kill);
    this.#exit = new Promise((resolve) => this.#child.once('close', resolve));
    this.begins = new Promise((resolve, reject) => {
      this.#child.stderr.setEncoding('utf8').on('data', (text) => {
        this.#said += text;
        if (this.#said.includes(' begins.')) resolve();
      });
      this.#exit.then((code) => reject(new Error(`It ended with ${code}: ${this.#said}`)));
    });
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /** Ends it, and gives what it logged. */
  async end() {
    this.#child.kill('SIGTERM');
    const code = await this.#exit;
    if (code !== 0) throw new Error(`It ended with ${code}: ${this.#said}`);
    return this.#said;
  }

  kill = () => {
    process.off('exit', this.kill);
    this.#child.kill('SIGKILL');
  };
}

/**
 * Of a process that runs: the most memory that it ever had, in bytes, and what processors did for it,
 * in seconds. Linux only.
 * @param {number} pid
 */
export function consumption(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // After the name of the program, which may hold anything: state is the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    peak: Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(status)?.[1]) * 1024,
    cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND,
  };
}
