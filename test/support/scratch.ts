/** Directories of a test file's own, gone when its tests are over, and waiting for what a disk shows. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll } from 'vitest';

/** To be called while the file is loaded. Each call of what it returns makes another directory. */
export function scratch(parent = tmpdir()): () => string {
  let base: string | undefined;
  let count = 0;
  // A program that was just told to end may still write into it, for five seconds at most.
  afterAll(async () => {
    if (base !== undefined) await rm(base, { recursive: true, force: true, maxRetries: 12 });
  });
  return () => {
    base ??= mkdtempSync(join(parent, 'logwin-program-'));
    count += 1;
    const directory = join(base, String(count));
    mkdirSync(directory);
    return directory;
  };
}

/** Between two looks, in ms: a file system does not say when it has changed. */
const PERIOD = 20;

/**
 * Looks again and again until there is something to see, and resolves to it. Rejects, with what
 * `look` is, after `patience` milliseconds.
 */
export async function eventually<T>(
  look: () => T | undefined | false,
  patience = 15_000,
): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`It never came: ${look}`);
    await pause(PERIOD);
  }
}

/** What is in a directory, sorted; hidden names left out. */
export function namesIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => !name.startsWith('.'))
    .sort();
}
