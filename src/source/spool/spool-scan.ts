/** One look at a spool directory: what is there under a name that we read. */
import { type BigIntStats, type Dirent, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { NameFilter } from './file-names.js';

export interface Sighting {
  /** Relative to the spool directory. */
  readonly path: string;
  /** Of the name itself: a link is not followed. */
  readonly stats: BigIntStats;
}

export interface ScanOptions {
  readonly directory: string;
  readonly names: NameFilter;
  readonly recursive: boolean;
  /** A directory (relative path) that is not looked into: where finished files are moved to. */
  readonly exclude: string | undefined;
  /** Something below the directory could not be looked at. */
  readonly onUnreadable: (path: string, error: unknown) => void;
}

/**
 * Calls of `lstat` between two breaths. They are synchronous, for a call through the thread pool
 * costs five times as much and ten thousand files are looked at again and again; few at a time, for
 * whoever reads or retires a file waits for a breath at each step.
 */
export const LOOKS_PER_BREATH = 50;

/** Stands in a name for bytes that are not UTF-8; such a name leads nowhere. */
const REPLACEMENT = '\ufffd';

/** Throws what reading the directory itself throws; what is wrong below it goes to `onUnreadable`. */
export async function scanSpool(options: ScanOptions): Promise<Sighting[]> {
  const sightings: Sighting[] = [];
  const directories = [''];
  let looks = 0;
  for (let at = directories.pop(); at !== undefined; at = directories.pop()) {
    for (const entry of await listing(options, at)) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) {
        if (isEntered(options, path)) directories.push(path);
        continue;
      }
      if (!options.names.file(path)) continue;
      looks += 1;
      if (looks % LOOKS_PER_BREATH === 0) await nextTurn();
      const stats = look(options, path);
      if (stats) sightings.push({ path, stats });
    }
  }
  return sightings;
}

async function listing(options: ScanOptions, at: string): Promise<Dirent[]> {
  try {
    return await readdir(join(options.directory, at), { withFileTypes: true });
  } catch (error) {
    if (at === '') throw error;
    options.onUnreadable(at, error);
    return [];
  }
}

function isEntered({ recursive, names, exclude }: ScanOptions, path: string): boolean {
  return recursive && path !== exclude && names.directory(path);
}

/** The state of a name, unless it went away since the directory was listed. */
function look(options: ScanOptions, path: string): BigIntStats | undefined {
  try {
    const stats = lstatSync(join(options.directory, path), { bigint: true, throwIfNoEntry: false });
    if (stats === undefined && path.includes(REPLACEMENT)) {
      options.onUnreadable(path, new Error('its name is not UTF-8'));
    }
    return stats?.isDirectory() ? undefined : stats;
  } catch (error) {
    options.onUnreadable(path, error);
    return undefined;
  }
}
