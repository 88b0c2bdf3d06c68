/** What can be read once from beginning to end. */
import { constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { isGzipFile } from '../lines/gzip.js';

/**
 * What a stream reads ahead, at most. Node's own 16 or 64 KiB would make many batches of what comes
 * fast.
 */
const STREAM_BYTES = 1024 * 1024;

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
  open: async () => ({ kind: 'stream', stream: openStandardInput() }),
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
    return { kind: 'stream', stream: file.createReadStream({ highWaterMark: STREAM_BYTES }) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

function directoryError(path: string): Error {
  const remedy = `count what is in it with: logwin watch ${path} --once`;
  return Object.assign(new Error(`it is a directory; ${remedy}`), { code: 'EISDIR' });
}

/** What Node makes of it is the same, but reads less at once. */
function openStandardInput(): Readable {
  const fd = 0;
  const stats = fstatSync(fd);
  if (stats.isFIFO()) return streamOf(fd);
  if (stats.isFile())
    return createReadStream('', { fd, autoClose: false, highWaterMark: STREAM_BYTES });
  return process.stdin;
}

function openFifo(path: string): Opened {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  return { kind: 'stream', stream: streamOf(fd) };
}

/** Through the event loop: a call that waits in the thread pool would hold up the exit. */
function streamOf(fd: number): Socket {
  // The last of these is for the stream that a socket is; the types do not know it here.
  const options = { fd, readable: true, writable: false, readableHighWaterMark: STREAM_BYTES };
  return new Socket(options);
}
