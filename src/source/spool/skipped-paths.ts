/** Paths in a spool directory that are left alone; each is said once. */
import type { BigIntStats } from 'node:fs';
import type { Logger } from '../../core/logger.js';
import type { Sighting } from './spool-scan.js';

export class SkippedPaths {
  readonly #log: Logger;
  /** With what they named when that was said. */
  readonly #said = new Map<string, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Whether it was said of this path that what it names, the key of an identity, is left alone. */
  has(path: string, key: string): boolean {
    return this.#said.get(path) === key;
  }

  /** `name` is the path as the user would write it. */
  add(path: string, key: string, name: string, reason: string): void {
    this.#said.set(path, key);
    this.#log.warn('Something in the spool directory is not read.', { file: name, reason });
  }

  /** Forgets those that are not among what a look has seen. */
  prune(seen: readonly Sighting[]): void {
    if (this.#said.size === 0) return;
    const present = new Set(seen.map(({ path }) => path));
    for (const path of this.#said.keys()) {
      if (!present.has(path)) this.#said.delete(path);
    }
  }
}

/** Why something that is not a regular file is not read. */
export function unfitness(stats: BigIntStats): string {
  if (stats.isSymbolicLink()) return 'a symbolic link, and links are not followed';
  if (stats.isFIFO()) return 'a FIFO, not a regular file';
  if (stats.isSocket()) return 'a socket, not a regular file';
  return 'a device, not a regular file';
}
