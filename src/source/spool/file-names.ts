/** Which names below a spool directory are read at all. */
import { basename } from 'node:path';
import picomatch from 'picomatch';

interface NameRules {
  readonly include: readonly string[];
  readonly ignore: readonly string[];
  readonly suffix: string;
}

/** The ending of a file that was set aside. */
export const FAILED_SUFFIX = '.FAILED';
const DEFAULT_SUFFIX = '.COMPLETED';

export interface NameFilter {
  /** Whether a file is read, by its path relative to the spool directory. */
  file(path: string): boolean;
  /** Whether a directory is looked into. */
  directory(path: string): boolean;
}

/**
 * A glob without a slash is compared with the name alone, one with a slash with the whole relative
 * path. `ignore` wins over `include`; hidden and retired files are never read, whatever `include`
 * says; `include` does not apply to directories.
 */
export function createNameFilter(rules: NameRules): NameFilter {
  const options = { basename: true, dot: true };
  const included = rules.include.length > 0 ? picomatch([...rules.include], options) : () => true;
  const ignored = rules.ignore.length > 0 ? picomatch([...rules.ignore], options) : () => false;
  const retired = [rules.suffix, DEFAULT_SUFFIX, FAILED_SUFFIX];
  const hidden = (path: string): boolean => basename(path).startsWith('.');
  return {
    file: (path) =>
      !hidden(path) &&
      !retired.some((ending) => path.endsWith(ending)) &&
      included(path) &&
      !ignored(path),
    directory: (path) => !hidden(path) && !ignored(path),
  };
}
