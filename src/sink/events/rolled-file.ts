/** A file that grows by whole chunks: what was not written to its end is cut off again. */
import { open } from 'node:fs/promises';
import { messageOf, systemError } from '../../core/errors.js';

/** What is used of a `FileHandle`. */
export interface FileToWrite {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  close(): Promise<void>;
}

/** Makes a file; rejects with `EEXIST` where there is something of that name. */
export type CreateFile = (path: string) => Promise<FileToWrite>;

export const createFile: CreateFile = (path) => open(path, 'wx');

export class RolledFile {
  readonly path: string;
  readonly #file: FileToWrite;
  /** Bytes that are on the disk. */
  #length = 0;

  constructor(path: string, file: FileToWrite) {
    this.path = path;
    this.#file = file;
  }

  /**
   * Resolves when the bytes are on the disk. Rejects with what the system says; then the file is as
   * before, or, where that cannot be known, {@link SpoiltFileError}.
   */
  async append(bytes: Uint8Array): Promise<void> {
    try {
      await this.#write(bytes);
    } catch (error) {
      await this.#cutBack(error);
      throw error;
    }
    try {
      await this.#file.datasync();
    } catch (error) {
      await this.#cutBack(error);
      // What is on the disk nobody knows now; asked again, the system may say that all is well.
      throw new SpoiltFileError(error);
    }
    this.#length += bytes.length;
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const rest = bytes.length - done;
      const { bytesWritten } = await this.#file.write(bytes, done, rest, this.#length + done);
      if (bytesWritten === 0) throw systemError('EIO', 'nothing of it was written');
      done += bytesWritten;
    }
  }

  async #cutBack(reason: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#length);
    } catch (error) {
      const also = `it could not be cut back either: ${messageOf(error)}`;
      throw new SpoiltFileError(reason, also);
    }
  }
}

/** The file may hold what was not delivered, or a part of it. Why is the `cause`. */
export class SpoiltFileError extends Error {
  constructor(reason: unknown, also?: string) {
    super([messageOf(reason), also].filter(Boolean).join('; '), { cause: reason });
    this.name = 'SpoiltFileError';
  }
}
