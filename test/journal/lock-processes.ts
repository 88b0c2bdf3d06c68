/** Processes that take locks when they are told to: see `lock-program.mjs`. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach } from 'vitest';

const PROGRAM = join(import.meta.dirname, 'lock-program.mjs');

export interface LockProcess {
  readonly pid: number;
  /** Resolves to the lock's path, or to the error as text. Tries at the moment given (wall clock). */
  take(moment?: number): Promise<string>;
  /** Resolves when it is gone, as it is to be when it tries to take the lock. */
  dieTaking(): Promise<void>;
  release(): Promise<string>;
  /** With SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
}

/**
 * To be called while a test file is loaded. What it returns starts a process for a directory; all of
 * them are gone after each test.
 */
export function lockProcesses(): (
  directory: string,
  ...traits: readonly string[]
) => Promise<LockProcess> {
  const children = new Set<ChildProcess>();
  afterEach(async () => {
    await Promise.all([...children].map(killed));
    children.clear();
  });
  return async (directory, ...traits) => {
    const child = fork(PROGRAM, [directory, ...traits], { execArgv: [] });
    children.add(child);
    await once(child, 'message');
    return processOf(child);
  };
}

function processOf(child: ChildProcess): LockProcess {
  const ask = async (...message: readonly (string | number)[]): Promise<string> => {
    child.send(message);
    return String((await once(child, 'message'))[0]);
  };
  return {
    pid: child.pid ?? 0,
    take: (moment = 0) => ask('take', moment),
    dieTaking: async () => {
      child.send(['take']);
      await once(child, 'exit');
    },
    release: () => ask('release'),
    kill: () => killed(child),
  };
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
