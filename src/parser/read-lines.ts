/** Reads a range of lines that nobody has read yet, on the thread that is to parse them. */
import { readSync } from 'node:fs';
import { getSystemErrorMap } from 'node:util';
import { LINE_END } from '../core/batch.js';
import { shorterError, systemError } from '../core/errors.js';

interface LinesRead {
  /** How many bytes of lines there are. */
  readonly length: number;
  /** 0 where all could be read, else what `readError` makes an error of. */
  readonly errno: number;
}

/** No number of the system's, which are all below 0. */
const TOO_SHORT = 1;

/**
 * Fills `into` with what is at `position` of the file. Where that fails on the way, the lines before
 * are whole; where the file has ended before, its last one may have no line end.
 */
export function readLines(descriptor: number, into: Uint8Array, position: number): LinesRead {
  let length = 0;
  try {
    while (length < into.length) {
      const got = readSync(descriptor, into, length, into.length - length, position + length);
      if (got === 0) return { length, errno: TOO_SHORT };
      length += got;
    }
    return { length, errno: 0 };
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    return { length: into.subarray(0, length).lastIndexOf(LINE_END) + 1, errno };
  }
}

/** A number can cross to another thread, an error cannot. */
export function readError(errno: number): Error {
  if (errno === TOO_SHORT) return shorterError();
  const [code, text] = getSystemErrorMap().get(errno) ?? ['EIO', 'unknown error'];
  return systemError(code, `${code}: ${text}, read`);
}

function errnoOf(error: unknown): number | undefined {
  const isOfSystem = error instanceof Error && 'errno' in error;
  return isOfSystem && typeof error.errno === 'number' ? error.errno : undefined;
}
