/** Whether a spool directory can be used, before anything is read: else a message that helps. */
import { constants } from 'node:fs';
import { access, mkdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { SpoolOptions } from '../../core/config.js';
import { LogwinError, messageOf, systemCode } from '../../core/errors.js';

/** Throws a `LogwinError` (`source-unusable`) that says what to do. */
export async function checkSpool(options: SpoolOptions): Promise<void> {
  const { directory, after } = options;
  await checkDirectory(directory);
  await checkAccess(
    directory,
    constants.R_OK | constants.X_OK,
    'cannot be read',
    'change its permissions',
  );
  if (after.kind === 'keep') return;
  const purpose = { rename: 'renamed in it', move: 'moved out of it', delete: 'deleted from it' };
  await checkAccess(
    directory,
    constants.W_OK,
    `is not writable, and finished files are to be ${purpose[after.kind]}`,
    'change its permissions, or leave the files where they are with --after keep',
  );
  if (after.kind === 'move') await checkDestination(after.directory);
}

/**
 * Makes sure that no file is read by two of the directories, or moved to where it is read again:
 * by what the paths lead to, so that links deceive nobody. The directories exist by now. Throws a
 * `LogwinError` (`usage`).
 */
export async function checkDistinct(spools: readonly SpoolOptions[]): Promise<void> {
  const places = await Promise.all(spools.map(placeOf));
  for (const [at, place] of places.entries()) {
    for (const other of places.slice(at + 1)) checkPair(place, other);
    for (const other of places) checkDestinationIsUnread(place, other);
  }
}

/**
 * Makes sure that the journal is not in a directory that is searched for logs: it would be read, and
 * renamed. Throws a `LogwinError` (`usage`).
 */
export async function checkStateIsUnread(
  state: string,
  spools: readonly SpoolOptions[],
): Promise<void> {
  const place = await realPathOfNew(resolve(state));
  for (const { directory, recursive } of spools) {
    const path = relative(await realPath(directory), place);
    // Names with a dot are not searched, and `..` leads out.
    const isSearched = recursive && !path.split(sep).some((name) => name.startsWith('.'));
    if (path !== '' && !isSearched) continue;
    const message = `--state names ${state}, where logs are looked for in ${directory}`;
    throw new LogwinError('usage', message, 'name another directory, or leave the option out');
  }
}

/** What a path will lead to once all of it is there. */
async function realPathOfNew(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') return path;
    return join(await realPathOfNew(dirname(path)), basename(path));
  }
}

/** A spool directory by what its paths lead to. */
interface Place {
  readonly spool: SpoolOptions;
  readonly directory: string;
  readonly destination: string | undefined;
}

async function placeOf(spool: SpoolOptions): Promise<Place> {
  const { directory, after } = spool;
  const destination = after.kind === 'move' ? await realPath(after.directory) : undefined;
  return { spool, directory: await realPath(directory), destination };
}

/** What a path leads to. Throws a `LogwinError` where that is nothing (any more). */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const message = `${path} leads nowhere: ${messageOf(error)}`;
    throw new LogwinError('source-unusable', message, 'name a directory that is there');
  }
}

function checkPair(one: Place, other: Place): void {
  if (!overlaps(one.directory, other.directory, one.spool.recursive)) return;
  const names = `${one.spool.directory} and ${other.spool.directory}`;
  throw new LogwinError('usage', `${names} would read the same files twice`, 'leave one out');
}

function checkDestinationIsUnread(place: Place, reader: Place): void {
  const { destination } = place;
  if (destination === undefined) return;
  // A destination below its own directory is left out when that is searched.
  const isSearched = reader !== place && reader.spool.recursive;
  const isRead = isSearched && isBelow(destination, reader.directory);
  if (destination !== reader.directory && !isRead) return;
  const message = `--after move names ${reader.spool.directory}, which is itself read`;
  throw new LogwinError('usage', message, 'name another directory');
}

function overlaps(one: string, other: string, recursive: boolean): boolean {
  return one === other || (recursive && (isBelow(one, other) || isBelow(other, one)));
}

/** Both absolute. */
function isBelow(path: string, directory: string): boolean {
  const rest = relative(directory, path);
  return rest !== '' && rest !== '..' && !rest.startsWith(`..${sep}`);
}

async function checkDirectory(directory: string): Promise<void> {
  try {
    if ((await stat(directory)).isDirectory()) return;
  } catch (error) {
    const missing = systemCode(error) === 'ENOENT';
    throw new LogwinError(
      'source-unusable',
      missing
        ? `the spool directory ${directory} does not exist`
        : `the spool directory ${directory} cannot be used: ${messageOf(error)}`,
      missing ? `create it (mkdir -p ${directory}), or name another one` : 'name another one',
    );
  }
  throw new LogwinError(
    'source-unusable',
    `${directory} is not a directory`,
    `put the file into a directory and name that, or count it once with: logwin count ${directory}`,
  );
}

async function checkAccess(
  directory: string,
  mode: number,
  problem: string,
  remedy: string,
): Promise<void> {
  try {
    await access(directory, mode);
  } catch (error) {
    const code = systemCode(error) ?? messageOf(error);
    throw new LogwinError(
      'source-unusable',
      `the directory ${directory} ${problem} (${code})`,
      remedy,
    );
  }
}

async function checkDestination(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new LogwinError(
      'source-unusable',
      `finished files cannot be moved to ${directory}: ${messageOf(error)}`,
      'name a directory that can be written with --after move:DIR',
    );
  }
}
