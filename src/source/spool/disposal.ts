/** What becomes of the name of a file: as the user asked when it is finished, `.FAILED` when it is bad. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SpoolOptions } from '../../core/config.js';
import { deleteFile, isAsMeant, type Meant, moveFile } from './file-mover.js';
import type { SpooledFile } from './spooled-file.js';

export interface Disposed {
  /** For the log: the new name. */
  readonly as: string;
  /** The new path, where it is still below the spool directory. */
  readonly path: string | undefined;
  /** Those in which a name changed, the one last in which the file has none any more. */
  readonly directories: readonly string[];
}

/**
 * Renames, moves or deletes a finished file. Resolves to `kept` where it is to stay as it is, and to
 * undefined where the path does not name the file any more, or the file has changed; then nothing
 * happened. Throws what the system says.
 */
export async function dispose(
  file: SpooledFile,
  spool: SpoolOptions,
): Promise<Disposed | 'kept' | undefined> {
  switch (spool.after.kind) {
    case 'keep':
      return (await isAsMeant(meantBy(file))) ? 'kept' : undefined;
    case 'delete':
      return deleted(file);
    case 'move':
      return moved(file, spool.after.directory);
    case 'rename':
      return renamed(file, spool, spool.suffix);
  }
}

/** Renames a file within its directory. Resolves and throws as {@link dispose}. */
export async function renamed(
  file: SpooledFile,
  { directory }: SpoolOptions,
  suffix: string,
): Promise<Disposed | undefined> {
  let path = '';
  const as = await moveFile(meantBy(file), (n) => {
    path = suffixed(file.path, suffix, n);
    return join(directory, path);
  });
  return as === undefined ? undefined : { as, path, directories: [dirname(as)] };
}

/** The n-th name to try for a file that is renamed, from 1. */
export function suffixed(path: string, suffix: string, n: number): string {
  return n === 1 ? `${path}${suffix}` : `${path}.${n}${suffix}`;
}

async function deleted(file: SpooledFile): Promise<Disposed | undefined> {
  if (!(await deleteFile(meantBy(file)))) return undefined;
  return { as: '(deleted)', path: undefined, directories: [dirname(file.name)] };
}

async function moved(file: SpooledFile, to: string): Promise<Disposed | undefined> {
  const target = join(to, file.path);
  const made = await mkdir(dirname(target), { recursive: true });
  const as = await moveFile(meantBy(file), (n) => (n === 1 ? target : `${target}.${n}`));
  if (as === undefined) return undefined;
  const directories = [...pathDownTo(dirname(target), made), dirname(file.name)];
  return { as, path: undefined, directories };
}

/** A directory, and those above it whose names are new too: `made` is the uppermost that was made. */
function pathDownTo(directory: string, made: string | undefined): string[] {
  const directories = [directory];
  if (made === undefined) return directories;
  for (let at = directory; at.length > made.length; at = dirname(at)) directories.push(dirname(at));
  return [...directories, dirname(made)];
}

function meantBy(file: SpooledFile): Meant {
  const { name: path, identity, size, sight } = file;
  return { path, identity, size, modified: sight.modified };
}
