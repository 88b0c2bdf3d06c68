/**
 * Runs a script in bash as a user would type it: `logwin` is on the path. What joins two commands is
 * a real pipe there, and not one of the sockets that Node gives its children.
 *
 * ```ts
 * const { code, stdout } = await shell('logwin count access.log | head -1', { cwd });
 * ```
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll } from 'vitest';
import { PROGRAM } from './run.js';

export interface ShellOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which the shell and all that it started are killed; 20 s unless told. */
  readonly timeout?: number;
}

export interface ShellResult {
  /** Null where it was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let commands: string | undefined;
const left = new Set<number>();

afterAll(() => {
  for (const group of left) killGroup(group);
  if (commands !== undefined) rmSync(commands, { recursive: true, force: true });
  commands = undefined;
});

/** The environment of a shell that has `logwin`. */
export function shellEnvironment(): NodeJS.ProcessEnv {
  const { PATH = '' } = process.env;
  commands ??= makeCommands();
  return { ...process.env, PATH: `${commands}${delimiter}${PATH}` };
}

/** Resolves when the shell has ended and nobody holds its output any more. */
export function shell(script: string, options: ShellOptions): Promise<ShellResult> {
  const { cwd, env, timeout = 20_000 } = options;
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { ...shellEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  const kill = (): void => {
    if (pid !== undefined) killGroup(pid);
  };
  if (pid !== undefined) left.add(pid);
  const timer = setTimeout(kill, timeout);
  process.once('exit', kill);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('exit', kill);
      if (pid !== undefined) left.delete(pid);
      resolve({ code, stdout, stderr });
    });
  });
}

/** A shell and all that it started. */
function killGroup(group: number): void {
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function makeCommands(): string {
  const directory = mkdtempSync(join(tmpdir(), 'logwin-commands-'));
  const path = join(directory, 'logwin');
  writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
  chmodSync(path, 0o755);
  return directory;
}
