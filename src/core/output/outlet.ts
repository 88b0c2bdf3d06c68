/**
 * Standard output and standard error, written so that a reader who stalls never blocks the process:
 * neither its event loop, nor (as a blocked call in libuv's threads would) its exit.
 */
import { closeSync, constants, fstatSync, openSync, write, writeSync } from 'node:fs';
import { isatty, type WriteStream } from 'node:tty';
import type { Clock } from '../clock.js';
import { DescriptorOutlet, type WriteSome } from './descriptor-outlet.js';
import { StreamOutlet } from './stream-outlet.js';
import { type Terminal, terminalOf } from './terminal.js';

export interface OutletListeners {
  /** Nobody reads any more. Told once; what is written from then on is dropped silently. */
  closed(): void;
  /**
   * A write failed (the disk is full, …). Told once until a write gets through again. What is left of
   * it is tried again every second, so that nothing is torn.
   */
  failed(error: Error): void;
}

export interface Outlet {
  /** Undefined where it is no terminal. */
  readonly terminal: Terminal | undefined;
  listen(listeners: OutletListeners): void;
  /**
   * Writes all of `bytes`, then calls `done`, perhaps before it returns. Calls it also when the outlet
   * is or gets closed. The next write must wait for it.
   */
  write(bytes: Uint8Array, done: () => void): void;
  /** Gives up what is not written yet and lets go of the descriptor. */
  close(): void;
}

/** Opens descriptor 1 or 2 in the way that suits what it is. */
export function openOutlet(fd: 1 | 2, clock: Clock): Outlet {
  const terminal = isatty(fd) ? terminalOf(streamOf(fd), process.env) : undefined;
  // The offset of a regular file is shared with whoever else writes it, so it is not opened anew.
  if (fstatSync(fd).isFile()) {
    return new DescriptorOutlet((bytes, done) => write(fd, bytes, done), clock, terminal);
  }
  const own = openAnew(fd);
  if (own === undefined) return new StreamOutlet(streamOf(fd), terminal);
  const writeOwn: WriteSome = (bytes, done) => writeAtOnce(own, bytes, done);
  return new DescriptorOutlet(writeOwn, clock, terminal, () => closeSync(own));
}

/** Both are the same terminal, so that one writer must own both. */
export function sameTerminal(a: number, b: number): boolean {
  return isatty(a) && isatty(b) && fstatSync(a).rdev === fstatSync(b).rdev;
}

function streamOf(fd: 1 | 2): WriteStream {
  return fd === 1 ? process.stdout : process.stderr;
}

/**
 * Opens a pipe or a device once more, which gives a file description of our own: `O_NONBLOCK` on the
 * one we were given would reach every process that shares it. Undefined where that cannot be: a
 * socket cannot be opened, a device or pipe may be another user's, and outside Linux there is no `/proc`
 * (`/dev/fd` gives the old description there).
 */
function openAnew(fd: number): number | undefined {
  try {
    const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
    return openSync(`/proc/self/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY);
  } catch {
    return undefined;
  }
}

/** Cannot block, so it need not go through a thread; and a line is out before a crash. */
function writeAtOnce(fd: number, ...[bytes, done]: Parameters<WriteSome>): void {
  let length: number;
  try {
    length = writeSync(fd, bytes);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    done(error, 0);
    return;
  }
  done(null, length);
}
