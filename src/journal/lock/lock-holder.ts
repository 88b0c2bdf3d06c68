/**
 * Who holds a lock: a process, by its pid and by what tells it from others that had or will have the
 * same pid. On Linux these are the boot, the pid namespace and the time at which it started;
 * elsewhere the pid is all there is.
 */
import { readFileSync, readlinkSync } from 'node:fs';
import { systemCode } from '../../core/errors.js';

export interface Holder {
  readonly pid: number;
  /** Where the pid means something: the boot and the pid namespace, or `UNKNOWN`. */
  readonly world: string;
  /** In clock ticks since the boot, or `UNKNOWN`. */
  readonly start: string;
}

const UNKNOWN = '-';

/** The start of a process that has ended, and whose parent has not asked for its exit code yet. */
const ENDED = 'ended';

/** A pid that can be asked for: 0 and negative numbers mean groups of processes. */
const CONTENT = /^([1-9]\d{0,8}) (\S+) (\S+)\n$/;

let self: Holder | undefined;

/** Whichever of its threads asks. */
function thisProcess(): Holder {
  if (self !== undefined) return self;
  const world = thisWorld();
  const start = world === UNKNOWN ? UNKNOWN : (startOf(process.pid) ?? UNKNOWN);
  self = { pid: process.pid, world, start };
  return self;
}

/** What this process writes into its locks: a line, so that a part cannot pass for the whole. */
export function ownContent(): string {
  const { pid, world, start } = thisProcess();
  return `${pid} ${world} ${start}\n`;
}

/** Undefined where the content is not, or not wholly, what a process writes. */
export function parseContent(content: string): Holder | undefined {
  const [, pid, world, start] = CONTENT.exec(content) ?? [];
  return pid === undefined ? undefined : { pid: Number(pid), world, start };
}

/**
 * Whether the process still runs. One of another boot or pid namespace does not: after a restart of
 * the machine, or of a container, nobody could tell otherwise, and the lock would stay for ever.
 */
export function isAlive(holder: Holder): boolean {
  const { world } = thisProcess();
  if (holder.world !== world) return false;
  const start = world === UNKNOWN ? undefined : startOf(holder.pid);
  // The processes of others may be hidden in /proc; they can be asked for all the same.
  return start === undefined ? answers(holder.pid) : start === holder.start;
}

function thisWorld(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return UNKNOWN;
  }
}

/** As in field 22 of `/proc/<pid>/stat` (proc(5)). Undefined where that cannot be read. */
function startOf(pid: number): string | undefined {
  const stat = statOf(pid);
  // The second field is the command's name in parentheses, and may itself have spaces and `)`.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === 'Z' || state === 'X' ? ENDED : fields[18];
}

function statOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
