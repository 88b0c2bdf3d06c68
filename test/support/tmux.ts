/**
 * A terminal of a given size, by tmux, and what is on its screen.
 *
 * ```ts
 * const terminal = new Terminal(directory, 'logwin watch ./spool', { columns: 60, rows: 20 });
 * await terminal.until((screen) => screen.includes('/a'));
 * terminal.type('C-c');
 * expect(await terminal.exitCode()).toBe(0);
 * ```
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { eventually } from './scratch.js';
import { shellEnvironment } from './shell.js';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** All terminals of a test file are sessions of one tmux, whose socket has a directory of its own. */
let socketDirectory: string | undefined;
let sessions = 0;

afterAll(() => {
  if (socketDirectory === undefined) return;
  try {
    tmux('kill-server');
  } catch {
    // It ended with its last session.
  }
  rmSync(socketDirectory, { recursive: true, force: true });
  socketDirectory = undefined;
});

export class Terminal {
  readonly #directory: string;
  readonly #session: string;

  /** Runs the command in `directory`, where it also keeps files of its own. */
  constructor(directory: string, command: string, { columns, rows }: Size) {
    this.#directory = directory;
    sessions += 1;
    this.#session = `terminal-${sessions}`;
    const script = join(directory, 'script');
    // What came before tmux says nothing of the terminal that it makes.
    const clean = 'unset NO_COLOR FORCE_COLOR COLORTERM TMUX CI';
    // Started as a child, so that the shell can say how it ended; `exec`, so that its id is known.
    const start = `(echo $BASHPID > pid; exec ${command}); echo $? > code; exec sleep 100`;
    writeFileSync(script, `${clean}\n${start}\n`);
    const size = ['-x', String(columns), '-y', String(rows)];
    const names = ['-s', this.#session, '-c', directory];
    tmux('-f', '/dev/null', 'new-session', '-d', ...names, ...size, `bash ${script}`);
  }

  /** The lines on the screen, without the spaces at their ends. */
  screen(): string[] {
    return this.#capture().map((line) => line.trimEnd());
  }

  /** The same, with the escape sequences for its colours. */
  colouredScreen(): string {
    return this.#capture('-e').join('\n');
  }

  /** What has left the screen at the top, and then the screen. */
  history(): string[] {
    return this.#capture('-S', '-').map((line) => line.trimEnd());
  }

  /** Resolves with the screen when it holds; rejects with the screen when it never does. */
  async until(holds: (screen: string) => boolean): Promise<string[]> {
    try {
      return await eventually(() => {
        const screen = this.screen();
        return holds(screen.join('\n')) && screen;
      });
    } catch (error) {
      throw new Error(`The screen never showed it:\n${this.screen().join('\n')}`, { cause: error });
    }
  }

  /** A key by tmux's name for it: `C-s`, `C-c`. */
  type(key: string): void {
    this.#tmux('send-keys', key);
  }

  resize({ columns, rows }: Size): void {
    this.#tmux('resize-window', '-x', String(columns), '-y', String(rows));
  }

  get isCursorVisible(): boolean {
    return this.#tmux('display-message', '-p', '#{cursor_flag}').trim() === '1';
  }

  pid(): Promise<number> {
    return this.#written('pid');
  }

  exitCode(): Promise<number> {
    return this.#written('code');
  }

  /** Hangs up on what still runs. */
  end(): void {
    this.#tmux('kill-session');
  }

  async #written(name: string): Promise<number> {
    const path = join(this.#directory, name);
    const text = await eventually(() => {
      const found = existsSync(path) ? readFileSync(path, 'utf8') : '';
      return found.endsWith('\n') && found;
    });
    return Number(text);
  }

  #capture(...options: string[]): string[] {
    return this.#tmux('capture-pane', '-p', ...options)
      .replace(/\n+$/, '')
      .split('\n');
  }

  /** `=` asks for exactly this session, and for its only pane. */
  #tmux(command: string, ...args: string[]): string {
    return tmux(command, '-t', `=${this.#session}:`, ...args);
  }
}

function tmux(...args: string[]): string {
  socketDirectory ??= mkdtempSync(join(tmpdir(), 'logwin-tmux-'));
  return execFileSync('tmux', ['-S', join(socketDirectory, 'socket'), ...args], {
    env: { ...shellEnvironment(), LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' },
    encoding: 'utf8',
    timeout: 10_000,
  });
}
