/**
 * Runs the built program as its users do: as a process, with pipes. Build first (`npm test` does).
 *
 * ```ts
 * const logwin = run(['watch', spool, '--output', 'tsv']);
 * await logwin.until(({ stdout }) => stdout.includes('/xmlrpc.php'));
 * logwin.kill('SIGTERM');
 * expect((await logwin.exited).code).toBe(0);
 * ```
 *
 * Nothing here sleeps: `until` looks again whenever the process wrote something. A process that a
 * test leaves behind is killed when the test process ends, and after `timeout` in any case.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The file that `npm` installs as `logwin`. */
export const PROGRAM = fileURLToPath(new URL('../../bin/logwin.js', import.meta.url));

export interface RunOptions {
  /** All of standard input, then its end. Without it, standard input stays open: see `stdin`. */
  readonly input?: string | Uint8Array;
  readonly cwd?: string;
  /** A command that becomes what is named after it, such as `prlimit --nofile=64`. */
  readonly under?: readonly string[];
  /** Added to the environment of the test. */
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the process is killed with SIGKILL; 20 s unless told. */
  readonly timeout?: number;
}

/** What the process wrote so far, decoded as UTF-8. */
export interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Ended extends Written {
  /** The exit code, or null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Run {
  readonly child: ChildProcess;
  /** What was written so far; for bytes rather than text, see `bytes`. */
  readonly written: Written;
  /** Standard output so far, as bytes. */
  bytes(): Buffer;
  /**
   * Resolves with what was written, at once when `holds` is true of it, else when it becomes true.
   * Rejects, with all that was written, when the process ends or is killed before, and with what
   * `holds` throws.
   */
  until(holds: (written: Written) => boolean): Promise<Written>;
  /** Writes to standard input, which stays open. */
  write(input: string | Uint8Array): void;
  /** Ends standard input. */
  end(): void;
  kill(signal: NodeJS.Signals): void;
  /** Resolves when the process has ended and all that it wrote is there. Never rejects. */
  readonly exited: Promise<Ended>;
}

/** Starts `node bin/logwin.js` with `args`. */
export function run(args: readonly string[], options: RunOptions = {}): Run {
  return new ProgramRun(args, options);
}

/** Runs it to its end. */
export function runToEnd(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(args, { input: '', ...options }).exited;
}

class ProgramRun implements Run {
  readonly child: ChildProcess;
  readonly exited: Promise<Ended>;
  readonly #stdout: Buffer[] = [];
  readonly #stderr: Buffer[] = [];
  readonly #looks = new Set<() => void>();
  #over = false;

  constructor(args: readonly string[], options: RunOptions) {
    const { input, cwd, env, under = [], timeout = 20_000 } = options;
    const [command, ...rest] = [...under, process.execPath, PROGRAM, ...args];
    this.child = spawn(command, rest, {
      stdio: 'pipe',
      cwd,
      env: { ...process.env, ...env },
    });
    this.#collect();
    this.exited = this.#ended(timeout);
    // It may have ended without reading all of it.
    this.child.stdin?.on('error', () => {});
    if (input !== undefined) this.child.stdin?.end(input);
  }

  get written(): Written {
    return {
      stdout: this.bytes().toString(),
      stderr: Buffer.concat(this.#stderr).toString(),
    };
  }

  bytes(): Buffer {
    return Buffer.concat(this.#stdout);
  }

  until(holds: (written: Written) => boolean): Promise<Written> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const { written } = this;
        try {
          if (holds(written)) resolve(written);
          else if (this.#over) reject(new Error(`It ended too soon:\n${JSON.stringify(written)}`));
          else return;
        } catch (error) {
          reject(error);
        }
        this.#looks.delete(look);
      };
      this.#looks.add(look);
      look();
    });
  }

  write(input: string | Uint8Array): void {
    this.child.stdin?.write(input);
  }

  end(): void {
    this.child.stdin?.end();
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  #collect(): void {
    this.child.stdout?.on('data', (bytes: Buffer) => this.#add(this.#stdout, bytes));
    this.child.stderr?.on('data', (bytes: Buffer) => this.#add(this.#stderr, bytes));
  }

  #add(to: Buffer[], bytes: Buffer): void {
    to.push(bytes);
    this.#look();
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }

  #ended(timeout: number): Promise<Ended> {
    const kill = (): void => {
      this.child.kill('SIGKILL');
    };
    const timer = setTimeout(kill, timeout);
    process.once('exit', kill);
    return new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        clearTimeout(timer);
        process.off('exit', kill);
        this.#over = true;
        this.#look();
        resolve({ ...this.written, code, signal });
      });
    });
  }
}
