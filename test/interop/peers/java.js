/** Runs Java programs, and waits for what they say. None of them outlives this process. */
import { spawn } from 'node:child_process';
import { classPathOf } from './peers.js';

/** @typedef {import('./peers.js').PeerName} PeerName */

/** What Java keeps to itself since version 9, and these programs were written before. */
const OPENED = [
  'java.lang',
  'java.lang.invoke',
  'java.lang.reflect',
  'java.io',
  'java.net',
  'java.nio',
  'java.util',
  'java.util.concurrent',
  'java.util.concurrent.atomic',
  'sun.nio.ch',
  'sun.nio.cs',
  'sun.security.action',
  'sun.util.calendar',
].map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`);

/** @type {Set<JavaProcess>} */
const alive = new Set();
process.once('exit', killAll);

/** Ends all that were started here and have not ended. */
export function killAll() {
  for (const one of alive) one.kill('SIGKILL');
}

/**
 * @typedef {object} JavaOptions
 * @property {string} [memory] of the heap, at most
 * @property {readonly string[]} [flags] for Java
 */

export class JavaProcess {
  /** What it wrote so far, standard error included. */
  said = '';
  /** Resolves when it has ended. */
  exited;
  #child;
  #ended = false;
  /** @type {Set<() => void>} */
  #looks = new Set();

  /**
   * @param {PeerName} peer
   * @param {string} main
   * @param {readonly string[]} args
   * @param {JavaOptions} options
   */
  constructor(peer, main, args, { memory = '512m', flags = [] } = {}) {
    const classPath = classPathOf(peer);
    const java = [`-Xmx${memory}`, ...OPENED, ...flags, '-cp', classPath, main, ...args];
    this.#child = spawn('java', java, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that whatever it starts ends with it.
      detached: true,
      env: { ...process.env, SPARK_LOCAL_IP: '127.0.0.1' },
    });
    alive.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.said += text;
        this.#look();
      });
    }
    this.exited = this.#end();
  }

  get pid() {
    return this.#child.pid ?? 0;
  }

  /**
   * Resolves when it said this, at once where it has. Rejects when it ends before, and after a while.
   * @param {string | RegExp} text
   * @param {number} patience milliseconds
   */
  says(text, patience = 30_000) {
    /** @type {Promise<void>} */
    const promise = new Promise((resolve, reject) => {
      const look = () => {
        if (this.#hasSaid(text)) resolve();
        else if (this.#ended) reject(this.#silence(text, 'it ended'));
        else return;
        this.#looks.delete(look);
        clearTimeout(timer);
      };
      const timer = setTimeout(() => {
        this.#looks.delete(look);
        reject(this.#silence(text, `${patience} ms are over`));
      }, patience);
      this.#looks.add(look);
      look();
    });
    return promise;
  }

  /** @param {NodeJS.Signals} signal */
  kill(signal) {
    try {
      if (!this.#ended) process.kill(-this.pid, signal);
    } catch {
      // It has ended, and nobody was told yet.
    }
  }

  /** Ends it as an operator would; it may finish what it does. */
  async stop() {
    this.kill('SIGTERM');
    const timer = setTimeout(() => this.kill('SIGKILL'), 20_000);
    await this.exited;
    clearTimeout(timer);
  }

  /** @param {string | RegExp} text */
  #hasSaid(text) {
    return typeof text === 'string' ? this.said.includes(text) : text.test(this.said);
  }

  /** @param {string | RegExp} text @param {string} why */
  #silence(text, why) {
    return new Error(`It did not say ${text}, and ${why}:\n${this.said.slice(-4000)}`);
  }

  #look() {
    for (const look of [...this.#looks]) look();
  }

  #end() {
    /** @type {Promise<number | null>} */
    const promise = new Promise((resolve, reject) => {
      this.#child.once('error', reject);
      this.#child.once('close', (code) => {
        this.#ended = true;
        alive.delete(this);
        this.#look();
        resolve(code);
      });
    });
    return promise;
  }
}
