/** Opens spooled files, makes sure that they are still what was read, and gives them their turns. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Cutting } from '../lines/cutting.js';
import type { Deliver } from '../lines/reading.js';
import { isSameFile } from './file-identity.js';
import { readTurn } from './file-turn.js';
import type { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';

/**
 * Descriptors of files that are not being read. One that is kept lets the rest of a file be read
 * when somebody deletes or replaces it.
 */
const KEPT_HANDLES = 256;

/** What has nothing to do with the file and may be over in a moment. */
const TRANSIENT = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR']);
const RETRY_DELAY = 1000;

export interface ReaderOptions {
  readonly directory: string;
  readonly index: SpoolIndex;
  readonly cutting: Cutting;
  readonly clock: Clock;
  readonly log: Logger;
  readonly deliver: Deliver;
  readonly proceed: () => boolean;
  /** Whether the last line of the file counts now, even without a line end. */
  readonly isComplete: (file: SpooledFile) => boolean;
  /** The file cannot be read, or not to its end. */
  readonly onFailure: (file: SpooledFile, error: unknown) => Promise<void>;
}

export class FileReader {
  readonly #options: ReaderOptions;
  #handles = 0;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /**
   * Gives a file that is not busy its turn. What the system says against it goes to `onFailure`;
   * anything else is a bug and thrown.
   */
  async read(file: SpooledFile): Promise<void> {
    const { index } = this.#options;
    let current = file;
    file.busy = true;
    try {
      const ready = await this.#prepare(file);
      if (ready === undefined) return;
      current = ready;
      current.busy = true;
      await readTurn({
        ...this.#options,
        file: current,
        complete: this.#options.isComplete(current),
      });
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      await this.#fail(current, error);
    } finally {
      index.handled(current);
      file.busy = false;
      current.busy = false;
      if (this.#handles > KEPT_HANDLES && current.place !== 'gone') await this.close(current);
    }
  }

  async close(file: SpooledFile): Promise<void> {
    const { handle } = file;
    if (handle === undefined) return;
    file.handle = undefined;
    this.#handles -= 1;
    await handle.close();
  }

  /** Opens the file and holds it against what is known; resolves to the drop that is to be read. */
  async #prepare(file: SpooledFile): Promise<SpooledFile | undefined> {
    const { index, clock } = this.#options;
    const handle = file.handle ?? (await this.#open(file));
    if (handle === undefined) return undefined;
    const sizeSeen = file.size;
    const stats = await handle.stat({ bigint: true });
    index.handled(file);
    if (!isSameFile(file.identity, stats)) {
      await this.close(file);
      return undefined;
    }
    file.observe(stats, clock.monotonic());
    if (await this.#isWrittenAnew(file)) {
      this.#sayWrittenAnew(file, sizeSeen);
      return index.replace(file, stats, clock.monotonic());
    }
    file.suspect = 'no';
    this.#sayAdditions(file);
    return file;
  }

  async #open(file: SpooledFile): Promise<SpooledFile['handle']> {
    if (file.place === 'gone') return undefined;
    // A FIFO that took the place of the file must not block us, a link not lead us away.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;
    try {
      file.handle = await open(join(this.#options.directory, file.path), flags);
    } catch (error) {
      // It went away, or something else has its name: the next look at the directory will tell.
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ELOOP') return undefined;
      throw error;
    }
    this.#handles += 1;
    return file.handle;
  }

  async #isWrittenAnew(file: SpooledFile): Promise<boolean> {
    if (file.readTo === 0 || !file.handle) return false;
    return file.suspect === 'shrunk' || !(await file.fingerprint.matches(file.handle));
  }

  #sayWrittenAnew(file: SpooledFile, sizeSeen: number): void {
    const before = file.suspect === 'shrunk' ? file.sizeBefore : sizeSeen;
    const done = file.compressed ? file.readTo : file.resumption.position;
    this.#options.log.warn(
      'A file was written anew; it is read from its beginning as a new drop.',
      {
        file: file.name,
        overwrittenUnreadBytes: Math.max(0, before - done),
      },
    );
  }

  #sayAdditions(file: SpooledFile): void {
    if (file.size <= file.readTo) return;
    const { log } = this.#options;
    const fields = { file: file.name, bytes: file.size - file.readTo };
    if (file.openEnd) {
      log.warn('A last line without a line end was counted; what follows is a new line.', fields);
      file.openEnd = false;
    }
    if (file.finished)
      log.warn('A finished file was appended to; the addition is counted.', fields);
  }

  async #fail(file: SpooledFile, error: unknown): Promise<void> {
    if (!TRANSIENT.has(systemCode(error) ?? '')) return this.#options.onFailure(file, error);
    file.retryAt = this.#options.clock.monotonic() + RETRY_DELAY;
    this.#options.log.warn('A file cannot be read at the moment; it is tried again.', {
      file: file.name,
      reason: messageOf(error),
    });
  }
}
