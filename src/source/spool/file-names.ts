/** Which names below a spool directory are read at all. */
import { basename } from 'node:path';
import picomatch from 'picomatch';
import type { NamePattern } from '../../core/config.js';

interface NameRules {
  readonly include: readonly NamePattern[];
  readonly ignore: readonly NamePattern[];
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
 * path; a regular expression with the name. `ignore` wins over `include`; hidden and retired files are never read, whatever `include`
 * says; `include` does not apply to directories.
 */
export function createNameFilter(rules: NameRules): NameFilter {
  const included = rules.include.length > 0 ? matcher(rules.include) : () => true;
  const ignored = matcher(rules.ignore);
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

/** Whether one of the patterns matches a path. */
function matcher(patterns: readonly NamePattern[]): (path: string) => boolean {
  const globs = patterns.filter((pattern) => typeof pattern === 'string');
  const expressions = patterns.filter((pattern) => typeof pattern !== 'string');
  const byGlob = globs.length > 0 ? picomatch(globs, { basename: true, dot: true }) : () => false;
  return (path) =>
    byGlob(path) || expressions.some((expression) => expression.test(basename(path)));
}
