/** The descriptors of spooled files, and how many of them may stay open. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { SpooledFile } from './spooled-file.js';

/**
 * Descriptors of files that are not being read. One that is kept lets the rest of a file be read
 * when somebody deletes or replaces it.
 */
const KEPT = 256;

export class OpenFiles {
  readonly #directory: string;
  readonly #log: Logger;
  #open = 0;

  constructor(directory: string, log: Logger) {
    this.#directory = directory;
    this.#log = log;
  }

  /**
   * The file's handle, opened if need be; undefined where the path does not lead to a file any more.
   * Throws what the system says otherwise.
   */
  async open(file: SpooledFile): Promise<FileHandle | undefined> {
    if (file.handle || file.place === 'gone') return file.handle;
    // A FIFO that took the place of the file must not block us, a link not lead us away.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    try {
      file.handle = await open(join(this.#directory, file.path), flags);
    } catch (error) {
      // It went away, or something else has its name: the next look at the directory will tell.
      if (['ENOENT', 'ELOOP', 'ENXIO'].includes(systemCode(error) ?? '')) return undefined;
      throw error;
    }
    this.#open += 1;
    return file.handle;
  }

  async close(file: SpooledFile): Promise<void> {
    const { handle } = file;
    if (handle === undefined) return;
    file.handle = undefined;
    this.#open -= 1;
    await handle.close();
  }

  /** Closes the file when nobody waits for it. */
  discard(file: SpooledFile): void {
    this.close(file).catch((error: unknown) => {
      this.#log.warn('A file could not be closed.', { file: file.name, reason: messageOf(error) });
    });
  }

  /** Closes the file if there are too many, and if its path still leads to it. */
  async closeSurplus(file: SpooledFile): Promise<void> {
    if (this.#open > KEPT && file.place !== 'gone') await this.close(file);
  }
}
