/** How much memory the kernels of a run have, and what for. */
import type { ParserOptions } from '../parser-options.js';
import { createMemory, type KernelParts } from './kernel.js';
import { keysOfBatch, layOut } from './layout.js';

/** The buffers of a thread: so many bytes together, but not more nor fewer buffers than this. */
const BUFFER_BYTES = 16 << 20;
const MOST_BUFFERS = 6;
const LEAST_BUFFERS = 2;

/**
 * Keys that a further thread knows before it begins afresh. It knows what it was asked for lately; all
 * keys are in the table.
 */
export const THREAD_KEYS = 1 << 17;
export const THREAD_KEY_BYTES = 16 << 20;

export interface PartsOptions extends ParserOptions {
  readonly module: WebAssembly.Module;
  readonly seed: Uint8Array;
}

/** Those of the kernel that holds the key table. Throws a `RangeError` where there is no room. */
export function createParts(options: PartsOptions): KernelParts {
  const { module, seed, by, maxLine, maxKeys, maxKeyBytes, bufferSize } = options;
  const most = Math.max(LEAST_BUFFERS, Math.min(MOST_BUFFERS, BUFFER_BYTES / bufferSize));
  // One more for what has to be copied.
  const buffers = Math.floor(most) + 1;
  const layout = layOut({ maxKeys, maxKeyBytes, bufferSize, buffers, fields: by.length });
  const memory = createMemory(layout);
  return { module, memory, layout, seed, options: { by, maxLine, maxKeys, maxKeyBytes } };
}

/** Those of a further thread's: its keys are its own, and never find no room. */
export function createThreadParts(options: PartsOptions): KernelParts {
  const { bufferSize, by } = options;
  // What is under way when it is found to know enough must find room too; one of it was copied.
  const underWay = MOST_BUFFERS + 1;
  return createParts({
    ...options,
    maxKeys: THREAD_KEYS + underWay * keysOfBatch(bufferSize),
    maxKeyBytes: THREAD_KEY_BYTES + underWay * by.length * bufferSize,
  });
}
