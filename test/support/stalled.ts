/**
 * A run of `logwin` whose standard output is a pipe that nobody reads: the reader takes the first
 * byte, so that it is known when writing began, and then waits until it is woken.
 *
 * ```ts
 * const stalled = stall('logwin watch ./spool -o ndjson', cwd);
 * await stalled.begun();
 * stalled.wake();
 * expect(await stalled.ended).toBe(0);
 * ```
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type ReadRecord, recordsIn } from './read-back.js';
import { eventually } from './scratch.js';
import { shell } from './shell.js';

export interface Stalled {
  /** The program's id, once it has logged something. */
  pid(): Promise<number>;
  /** Resolves when the first byte was written. */
  begun(): Promise<unknown>;
  /** The reader takes all from now on. */
  wake(): void;
  /** What was read. */
  readonly output: string;
  /** What was logged. */
  readonly log: readonly ReadRecord[];
  /** Resolves with the exit code of the program, whatever its reader does. */
  ended(patience: number): Promise<number>;
}

/** `command` is the last thing that is run before the pipe; it gets a log file. */
export function stall(command: string, cwd: string): Stalled {
  const path = (name: string): string => join(cwd, name);
  const read = (name: string): string => {
    try {
      return readFileSync(path(name), 'utf8');
    } catch {
      return '';
    }
  };
  execFileSync('mkfifo', [path('go')]);
  void shell(
    `{ ${command} --log-file log; echo $? > code; } |
     { head -c 1 > output; read -r line < go; cat >> output; }`,
    { cwd, timeout: 60_000 },
  );
  return {
    pid: () => eventually(() => recordsIn(read('log'))[0]?.pid),
    begun: () => eventually(() => statSync(path('output'), { throwIfNoEntry: false })?.size === 1),
    wake: () => appendFileSync(path('go'), '\n'),
    get output() {
      return read('output');
    },
    get log() {
      return recordsIn(read('log'));
    },
    ended: (patience) =>
      eventually(() => read('code').endsWith('\n'), patience).then(() => Number(read('code'))),
  };
}
