/** Which of two files is read first. */
import type { FileOrder } from '../../core/config.js';
import type { SpooledFile } from './spooled-file.js';

/** By time of change at first sight, or by name; ties by name, as Flume has it. */
export function comparison(order: FileOrder): (a: SpooledFile, b: SpooledFile) => number {
  const byName = (a: SpooledFile, b: SpooledFile): number => compare(a.path, b.path);
  if (order === 'name') return byName;
  const sign = order === 'oldest' ? 1 : -1;
  return (a, b) => sign * compare(a.firstModified, b.firstModified) || byName(a, b);
}

function compare<T extends string | bigint>(a: T, b: T): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
