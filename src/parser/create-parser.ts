/** Chooses the parser: the kernel, which is several times faster, where it can be had. */
import { readFileSync } from 'node:fs';
import { isField, type KernelChoice } from '../core/config.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Parser } from '../core/stages.js';
import { KERNEL_FILE } from './kernel/built-files.js';
import { KernelParser } from './kernel/kernel-parser.js';
import type { PlainOptions } from './parser-options.js';
import { PlainParser } from './plain/plain-parser.js';

interface Choice extends PlainOptions {
  /**
   * `plain` is the parser in JavaScript, which also serves where `simd` cannot be had, and where the key
   * has a header of an event in it: the kernel sees the bytes of lines alone.
   */
  readonly kernel: KernelChoice;
  /** How many threads parse, this one included. The plain parser takes one. */
  readonly threads: number;
}

export function createParser(options: Choice, log: Logger): Parser {
  const { by } = options;
  if (options.kernel === 'plain' || !by.every(isField)) return new PlainParser(options);
  try {
    const module = new WebAssembly.Module(readFileSync(KERNEL_FILE));
    return new KernelParser({ ...options, by, module, log });
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    log.warn('The SIMD kernel cannot be used here; counting is slower, on one thread.', {
      reason: messageOf(error),
    });
    return new PlainParser(options);
  }
}

/** The processor has no SIMD, or the system no room for the memory; anything else is a bug. */
function isUnavailable(error: unknown): boolean {
  return error instanceof WebAssembly.CompileError || error instanceof RangeError;
}
