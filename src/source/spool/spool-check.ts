/** Whether a spool directory can be used, before anything is read: else a message that helps. */
import { constants } from 'node:fs';
import { access, mkdir, stat } from 'node:fs/promises';
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
