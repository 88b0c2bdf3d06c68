/** The program that is measured, as it is called. */
import { fileURLToPath } from 'node:url';

export const LOGWIN = [
  process.execPath,
  fileURLToPath(new URL('../bin/logwin.js', import.meta.url)),
];

/**
 * @param {number} threads
 * @param {...string} args
 */
export function count(threads, ...args) {
  return [...LOGWIN, 'count', '--threads', String(threads), ...args];
}
