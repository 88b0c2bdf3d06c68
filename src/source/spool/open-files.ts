/** The descriptors of spooled files, and how many of them may stay open. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { SpooledFile } from './spooled-file.js';

/**
 * Descriptors that are kept of files that are not being read: so many of files that are gone, which
 * no path leads to, and as many of others, so that their rest can be read when somebody deletes or
 * replaces them.
 */
const MOST_KEPT = 256;

/** What has nothing to do with the file and may be over in a moment. */
const TRANSIENT = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR']);

export function isTransient(error: unknown): boolean {
  return TRANSIENT.has(systemCode(error) ?? '');
}

export class OpenFiles {
  readonly #directory: string;
  readonly #log: Logger;
  /** In the order in which they were opened. */
  readonly #open = new Set<SpooledFile>();
  #mostKept = MOST_KEPT;

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
    this.#open.add(file);
    return file.handle;
  }

  /** Never throws: the log is told of what went wrong. */
  async close(file: SpooledFile): Promise<void> {
    const { handle } = file;
    if (handle === undefined) return;
    file.handle = undefined;
    this.#open.delete(file);
    try {
      await handle.close();
    } catch (error) {
      this.#log.warn('A file could not be closed.', { file: file.name, reason: messageOf(error) });
    }
  }

  /** The descriptor of one drop now belongs to the next one of the same file. */
  passOn(from: SpooledFile, to: SpooledFile): void {
    to.handle = from.handle;
    from.handle = undefined;
    if (this.#open.delete(from)) this.#open.add(to);
  }

  /** Closes idle files as long as too many are kept, those first that were opened longest ago. */
  async closeSurplus(): Promise<void> {
    const gone = [...this.#open].filter((file) => file.place === 'gone');
    const others = [...this.#open].filter((file) => file.place !== 'gone');
    for (const kept of [gone, others]) {
      const surplus = kept.slice(0, Math.max(0, kept.length - this.#mostKept));
      for (const file of surplus) if (!file.busy) await this.close(file);
    }
  }

  /** The system has no descriptor left: keeps half as many from now on. */
  async relieve(): Promise<void> {
    const open = Math.min(this.#open.size, this.#mostKept);
    this.#mostKept = Math.floor(open / 2);
    await this.closeSurplus();
  }
}
