/** Finds programs on PATH. */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * The path of a program, or undefined where it is not installed.
 * @param {string} name
 */
export function find(name) {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory);
  return directories.map((directory) => join(directory, name)).find(isProgram);
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
