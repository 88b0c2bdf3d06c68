/** Gives spooled files their turns, once it is sure that they are still what was read. */
import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Clock } from '../../core/clock.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Cutting, Deliver } from '../lines/cutting.js';
import { isGzip } from '../lines/gzip.js';
import { isSameFile, statusOf } from './file-identity.js';
import { readTurn } from './file-turn.js';
import { isTransient, type OpenFiles } from './open-files.js';
import { holdsUnpacked } from './packed-bytes.js';
import type { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';

/** Milliseconds. */
export const RETRY_DELAY = 1000;

interface FileReaderOptions {
  readonly index: SpoolIndex;
  readonly openFiles: OpenFiles;
  readonly cutting: Cutting;
  readonly clock: Clock;
  readonly log: Logger;
  readonly deliver: Deliver;
  readonly proceed: () => boolean;
  /** Whether the last line of the file counts now, even without a line end. */
  readonly hasSettled: (file: SpooledFile) => boolean;
}

export class FileReader {
  readonly #options: FileReaderOptions;

  constructor(options: FileReaderOptions) {
    this.#options = options;
  }

  /**
   * Gives a file that is not busy its turn. What the system says against it is its fault from then
   * on, unless it may be over in a moment; anything else is a bug and thrown.
   */
  async read(file: SpooledFile): Promise<void> {
    const { index, openFiles, hasSettled } = this.#options;
    let current = file;
    file.busy = true;
    try {
      const ready = await this.#prepare(file);
      if (ready === undefined) return;
      current = ready;
      current.busy = true;
      await readTurn({ ...this.#options, file: current, complete: hasSettled(current) });
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      await this.#fail(current, error);
    } finally {
      index.handled(current);
      file.busy = false;
      current.busy = false;
      await openFiles.closeSurplus();
    }
  }

  /** Opens the file and holds it against what is known; resolves to the drop that is to be read. */
  async #prepare(file: SpooledFile): Promise<SpooledFile | undefined> {
    const { index, clock, openFiles } = this.#options;
    const handle = await openFiles.open(file);
    if (handle === undefined) return undefined;
    if (!file.isBegun) await begin(file, handle);
    const stats = await handle.stat({ bigint: true });
    index.handled(file);
    if (!isSameFile(file.identity, stats)) {
      await openFiles.close(file);
      return undefined;
    }
    file.observe(stats, clock.monotonic());
    const isAsRead = await this.#isAsRead(file, handle, stats);
    if (!this.#options.proceed()) return undefined;
    if (!isAsRead) {
      this.#sayWrittenAnew(file);
      const next = index.replace(file, stats, clock.monotonic());
      await begin(next, handle);
      return next;
    }
    file.recalled = undefined;
    file.sight.acquit(stats);
    this.#sayAdditions(file);
    return file;
  }

  /** Whether what was read of the file is still there. */
  async #isAsRead(file: SpooledFile, handle: FileHandle, stats: BigIntStats): Promise<boolean> {
    const { recalled: memo } = file;
    if (!file.isBegun) return true;
    if (file.sight.suspicion === 'shrunk') return false;
    if (!(await file.fingerprint.matches(handle))) return false;
    if (!memo?.compressed) return true;
    const { proceed } = this.#options;
    return holdsUnpacked({ handle, size: Number(stats.size), memo, proceed });
  }

  #sayWrittenAnew(file: SpooledFile): void {
    const done = file.compressed ? file.readTo : file.resumption.position;
    this.#options.log.warn(
      'A file was written anew; it is read from its beginning as a new drop.',
      {
        file: file.name,
        overwrittenUnreadBytes: Math.max(0, file.sight.sizeBefore - done),
      },
    );
  }

  #sayAdditions(file: SpooledFile): void {
    if (file.size <= file.readTo || (file.compressed && file.readTo === 0)) return;
    const { log } = this.#options;
    const fields = { file: file.name, bytes: file.size - file.readTo };
    if (file.hasOpenEnd)
      log.warn('A last line without a line end was counted; what follows is a new line.', fields);
    if (file.finished)
      log.warn('A finished file was appended to; the addition is counted.', fields);
  }

  async #fail(file: SpooledFile, error: unknown): Promise<void> {
    const { clock, openFiles } = this.#options;
    if (isTransient(error)) {
      file.retryAt = clock.monotonic() + RETRY_DELAY;
      this.#sayDelayed(file, error);
      await openFiles.relieve();
    } else if (!this.#isChanging(file)) {
      file.fault = error;
    }
  }

  /** A compressed file that grew while it was read was not cut: it has not settled. */
  #isChanging(file: SpooledFile): boolean {
    const stats = file.handle && statusOf(file.handle.fd);
    if (stats === undefined || file.sight.isOf(stats)) return false;
    file.observe(stats, this.#options.clock.monotonic());
    return true;
  }

  #sayDelayed(file: SpooledFile, error: unknown): void {
    if (!file.isNews('delayed')) return;
    this.#options.log.warn('A file cannot be read at the moment; it is tried again.', {
      file: file.name,
      reason: messageOf(error),
    });
  }
}

/**
 * Finds out what the file is. Before its size is asked for: until something of it was read, it may become
 * another file under our eyes.
 */
async function begin(file: SpooledFile, handle: FileHandle): Promise<void> {
  file.compressed = isGzip(await file.fingerprint.begin(handle));
}
