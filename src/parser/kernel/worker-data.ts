/** What a thread that parses is started with, and what it says. */
import type { KernelParts } from './kernel.js';

export interface WorkerData {
  readonly parts: KernelParts;
  /** Of the job board. */
  readonly cells: Int32Array;
}

/** The messages of the thread. */
export const READY = 'ready';
export const DONE = 'done';
