/** The parsers, to be asked the same; and kernels by themselves. */
import { readFileSync } from 'node:fs';
import type { Field } from '../../src/core/config.js';
import type { Parser } from '../../src/core/stages.js';
import { KERNEL_FILE } from '../../src/parser/kernel/built-files.js';
import { createMemory, Kernel } from '../../src/parser/kernel/kernel.js';
import { KernelParser } from '../../src/parser/kernel/kernel-parser.js';
import { layOut, SEED_BYTES } from '../../src/parser/kernel/layout.js';
import type { ParserOptions } from '../../src/parser/parser-options.js';
import { PlainParser } from '../../src/parser/plain/plain-parser.js';
import { RecordedLog } from '../support/recorded-log.js';

const module = new WebAssembly.Module(readFileSync(KERNEL_FILE));

export const DEFAULTS: ParserOptions = {
  by: ['url'],
  maxLine: 65_536,
  maxKeys: 100_000,
  maxKeyBytes: 1 << 26,
  bufferSize: 256 * 1024,
};

export function kernelParser(
  options: Partial<ParserOptions & { threads: number; log: RecordedLog }> = {},
): KernelParser {
  return new KernelParser({
    ...{ ...DEFAULTS, module, threads: 1, log: new RecordedLog() },
    ...options,
  });
}

export function plainParser(options: Partial<ParserOptions> = {}): PlainParser {
  return new PlainParser({ ...DEFAULTS, ...options });
}

type Create = (options?: Partial<ParserOptions>) => Parser;

export const PARSERS: readonly (readonly [name: string, create: Create])[] = [
  ['the plain parser', plainParser],
  ['the kernel', kernelParser],
];

/** A kernel that is used without a parser around it. */
export function createKernel(
  seed: Uint8Array = new Uint8Array(SEED_BYTES),
  bounds: { maxKeys?: number; maxKeyBytes?: number } = {},
): Kernel {
  const { maxLine, bufferSize, maxKeys, maxKeyBytes } = { ...DEFAULTS, ...bounds };
  const layout = layOut({ maxKeys, maxKeyBytes, bufferSize, buffers: 2, fields: 3 });
  const options = { by: ['url'] as Field[], maxLine, maxKeys, maxKeyBytes };
  return new Kernel({ module, memory: createMemory(layout), layout, options, seed });
}
