/** A `watch` that runs beside the test, and what it has shown and said so far. */
import { type ChildProcess, spawn } from 'node:child_process';
import { PROGRAM } from '../support/run.js';
import { Printed } from './printed.js';

export interface Exit {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Another build can be tried without building it here. */
const program = process.env.LOGWIN_CRASH_PROGRAM ?? PROGRAM;

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** Does not outlive this process. */
export class Daemon {
  /** Stays empty where standard output was given. */
  readonly printed = new Printed();
  /** What it logged. */
  log = '';
  exit: Exit | undefined;
  /** Resolves when the process has ended; of what it printed last, something may yet come. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;

  /** `args` follow `logwin`; `stdout` is a descriptor, or read here. */
  constructor(args: readonly string[], stdout: 'pipe' | number = 'pipe') {
    this.#child = spawn(process.execPath, [program, ...args], {
      stdio: ['ignore', stdout, 'pipe'],
    });
    alive.add(this.#child);
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => this.printed.take(text));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    this.exited = this.#ended();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get hasBegun(): boolean {
    return this.log.includes('"Watching begins."');
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #ended(): Promise<Exit> {
    return new Promise((resolve) => {
      this.#child.once('close', (code, signal) => {
        alive.delete(this.#child);
        this.exit = { code, signal };
        resolve(this.exit);
      });
    });
  }
}
