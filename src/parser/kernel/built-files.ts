/**
 * Where the build puts what is no module of the program: the kernel, and the program of the threads.
 * It is always the built one that is used, also when this file runs from its source.
 */
import { existsSync } from 'node:fs';

const PACKAGE = packageDirectory();

export const KERNEL_FILE = new URL('dist/parser/kernel/kernel.wasm', PACKAGE);
export const WORKER_FILE = new URL('dist/program/worker.cjs', PACKAGE);

/** This file may be the source, what the compiler makes of it, or a part of the program. */
function packageDirectory(): URL {
  let directory = new URL('.', import.meta.url);
  while (!existsSync(new URL('package.json', directory))) {
    if (directory.pathname === '/') throw new Error('the package is not whole: no package.json');
    directory = new URL('..', directory);
  }
  return directory;
}
