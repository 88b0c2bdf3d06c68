/** What a run of the program takes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, type RunOptions, runToEnd } from '../support/run.js';

/** What the program may have on any of the hostile files, and with a hundred thousand keys. */
export const MOST_MEMORY = 250e6;

/** Elsewhere nobody tells the peak of a process. */
export const canMeasure = process.platform === 'linux';

const AT_EXIT = join(import.meta.dirname, 'at-exit.cjs');

export interface Cost {
  /** The most memory that was resident, in bytes. */
  readonly peak: number;
  /** Of all threads, in milliseconds. */
  readonly cpu: number;
}

/** The environment in which a run writes its cost to `file`. */
export function measured(file: string): Record<string, string> {
  if (!canMeasure) return {};
  return { NODE_OPTIONS: `--require ${JSON.stringify(AT_EXIT)}`, LOGWIN_TEST_COST: file };
}

/** What a measured run wrote when it ended; nothing where it cannot be measured. */
export function costIn(file: string): Cost {
  if (!existsSync(file)) return { peak: 0, cpu: 0 };
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Runs the program to its end and measures it, with a file in `directory`. */
export async function costOf(
  args: readonly string[],
  directory: string,
  options: RunOptions = {},
): Promise<Ended & Cost> {
  const file = join(directory, 'cost');
  const env = { ...options.env, ...measured(file) };
  return { ...(await runToEnd(args, { ...options, env })), ...costIn(file) };
}

/** The most memory that a process that still runs has had so far, in bytes. */
export function peakOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
