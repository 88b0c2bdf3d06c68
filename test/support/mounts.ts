/**
 * File systems of a test's own: mounted in a namespace, which needs fewer rights than a mount that all
 * can see, and goes with the process that holds it. Whoever is outside reaches it through /proc.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { afterAll } from 'vitest';
import { lacks } from './surroundings.js';

/** What mounts something at `$1`, a directory: a script for sh. */
type Mount = `mount ${string}`;

export const READ_ONLY: Mount = 'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1"';
/** So small that a test can fill it. */
export const SMALL_DISK: Mount = 'mount -t tmpfs -o size=256k logwin "$1"';

const NAMESPACE = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];
const COMMANDS = ['unshare', 'mount', 'sh', 'cat'];

/** Whether the machine, or who has started us, does not let us. */
export function cannotMount(mount: Mount): boolean {
  if (process.platform !== 'linux' || lacks(...COMMANDS)) return true;
  const args = [...NAMESPACE, 'sh', '-c', mount, 'sh', tmpdir()];
  return spawnSync('unshare', args).status !== 0;
}

/**
 * To be called while the file is loaded. What it returns mounts something at a directory, given by
 * its absolute path, and resolves to the path under which it is seen from here, until the file's tests
 * are over. Rejects where it cannot be mounted.
 */
export function mounting(): (mount: Mount, directory: string) => Promise<string> {
  const holders: ChildProcess[] = [];
  afterAll(() => {
    for (const holder of holders) holder.stdin?.destroy();
  });
  return async (mount, directory) => {
    // `cat` ends when its standard input does, which is at the latest when we end.
    const script = `{ ${mount}; } && echo mounted && exec cat`;
    const holder = spawn('unshare', [...NAMESPACE, 'sh', '-c', script, 'sh', directory]);
    holders.push(holder);
    const [said] = await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit')]);
    if (String(said) !== 'mounted\n') throw new Error(`${mount} ended with ${said}`);
    return `/proc/${holder.pid}/root${directory}`;
  };
}
