/** What can be read once from beginning to end. */
import { constants, openSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isGzipFile } from '../lines/reading.js';

export interface Input {
  /** For messages. */
  readonly name: string;
  /** How many bytes there are, where that can be told. Never throws. */
  size(): Promise<number | undefined>;
  /** Throws what the system says. */
  open(): Promise<Opened>;
}

/** A plain regular file is read by position, which is fastest; anything else is a stream. */
export type Opened =
  | { readonly kind: 'file'; readonly file: FileHandle }
  | { readonly kind: 'stream'; readonly stream: Readable };

/** From where it stands to its end. */
export const standardInput: Input = {
  name: '-',
  size: async () => undefined,
  open: async () => ({ kind: 'stream', stream: process.stdin }),
};

/** A file, or a FIFO such as a shell's process substitution. */
export function fileInput(path: string): Input {
  return {
    name: path,
    size: () => sizeOf(path),
    open: async () => ((await stat(path)).isFIFO() ? openFifo(path) : openFile(path)),
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const stats = await stat(path);
    return stats.isFile() ? stats.size : undefined;
  } catch {
    // What is wrong with it is said when it is opened.
    return undefined;
  }
}

async function openFile(path: string): Promise<Opened> {
  const file = await open(path);
  try {
    const stats = await file.stat();
    if (stats.isDirectory()) throw directoryError(path);
    if (stats.isFile() && !(await isGzipFile(file))) return { kind: 'file', file };
    return { kind: 'stream', stream: file.createReadStream() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function directoryError(path: string): Error {
  const remedy = `count what is in it with: logwin watch ${path} --once`;
  return Object.assign(new Error(`it is a directory; ${remedy}`), { code: 'EISDIR' });
}

/** Through the event loop: a call that waits in the thread pool would hold up the exit. */
function openFifo(path: string): Opened {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { kind: 'stream', stream: new Socket({ fd, readable: true, writable: false }) };
}
