/** The segment that is being written. */
import { type FileHandle, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { systemError } from '../../core/errors.js';
import { synchronise } from '../../core/synchronise.js';
import { segmentPath, unfinishedPath } from './segment-files.js';

/** The form of what follows the header. */
export const VERSION = 1;

/** The first line of a segment, for whoever looks into it. */
export const HEADER = Buffer.from(`logwin journal ${VERSION}\n`);

export class Segment {
  readonly number: number;
  readonly #directory: string;
  readonly #handle: FileHandle;
  #path: string;
  #length = 0;

  private constructor(directory: string, number: number, handle: FileHandle) {
    this.number = number;
    this.#directory = directory;
    this.#handle = handle;
    this.#path = unfinishedPath(directory, number);
  }

  /** Makes the file, with its header, under a name that is no segment's yet. Rejects as the system says. */
  static async create(directory: string, number: number): Promise<Segment> {
    const path = unfinishedPath(directory, number);
    await rm(path, { force: true });
    const segment = new Segment(directory, number, await open(path, 'wx', 0o600));
    try {
      await segment.append(HEADER);
      return segment;
    } catch (error) {
      await segment.close();
      await segment.remove();
      throw error;
    }
  }

  /** In bytes. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds to the end. Rejects with what the system says; then nobody knows what of it stands there,
   * and nothing more may be added.
   */
  async append(bytes: Uint8Array): Promise<void> {
    await writeFile(this.#handle, bytes);
    this.#length += bytes.length;
  }

  /**
   * Resolves when all that was added survives a loss of power, and will be found. Rejects with what the
   * system says; it must not be tried again, for a second sync succeeds although the data is gone.
   */
  async sync(): Promise<void> {
    await this.#handle.datasync();
    const { dev, ino } = await this.#handle.stat();
    const found = await lstat(this.#path);
    if (found.dev !== dev || found.ino !== ino) {
      throw systemError('ENOENT', `${this.#path} is another file now`);
    }
  }

  /**
   * Gives the file the name of a segment, now that it holds everything: whatever has that name was once
   * finished. Resolves and rejects as `sync`.
   */
  async publish(): Promise<void> {
    await this.sync();
    const path = segmentPath(this.#directory, this.number);
    await rename(this.#path, path);
    this.#path = path;
    await synchronise(this.#directory);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Removes the file, under whatever name it is by now. Rejects with what the system says. */
  remove(): Promise<void> {
    return rm(this.#path, { force: true });
  }
}

/**
 * Adds to the end of a segment that nobody writes, at `length`: what stands behind that was torn. Resolves
 * when it is durable. Rejects with what the system says.
 */
export async function amendSegment(
  { path, length }: { readonly path: string; readonly length: number },
  bytes: Uint8Array,
): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.truncate(length);
    await handle.write(bytes, 0, bytes.length, length);
    await handle.datasync();
  } finally {
    await handle.close();
  }
}
