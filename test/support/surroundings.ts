/** What a machine may lack. Tests that need it are skipped there, with a name that says so. */
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '../..');

/** Real logs, and an oracle for them; no part of the project. */
export const SHARED = join(ROOT, '../shared');

/** Whether one of the commands is missing. */
export function lacks(...commands: readonly string[]): boolean {
  return !commands.every((command) => directories().some((path) => isCommand(join(path, command))));
}

/** Whether a path below `../shared` is missing. */
export function lacksShared(path: string): boolean {
  return !existsSync(join(SHARED, path));
}

function directories(): string[] {
  const { PATH = '' } = process.env;
  return PATH.split(delimiter).filter((path) => path !== '');
}

function isCommand(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
