/** What a kernel is asked to do with a batch, on whatever thread. */
import { readLines } from '../read-lines.js';
import type { Kernel } from './kernel.js';

/** Where the batch lies, or is to be read to: addresses in the kernel's memory. */
export interface Work {
  readonly from: number;
  readonly to: number;
  /** Where the answers go, and their tally. */
  readonly answers: number;
  readonly tally: number;
  /** The file from which it is to be read first, or `NOTHING_TO_READ`; and where there. */
  readonly descriptor: number;
  readonly position: number;
}

export const NOTHING_TO_READ = -1;

export interface Done {
  /** How many answers there are. */
  readonly lines: number;
  /** How many bytes of lines there are: fewer than asked for where they could not all be read. */
  readonly length: number;
  /** See `readError`. */
  readonly errno: number;
}

export function doWork(kernel: Kernel, work: Work): Done {
  const { from, to, answers, tally, descriptor, position } = work;
  if (descriptor === NOTHING_TO_READ) {
    return { lines: kernel.parse(from, to, answers, tally), length: to - from, errno: 0 };
  }
  const { length, errno } = readLines(descriptor, kernel.bytes.subarray(from, to), position);
  return { lines: kernel.parse(from, from + length, answers, tally), length, errno };
}
