/** Gives spooled files their turns, once it is sure that they are still what was read. */
import type { Clock } from '../../core/clock.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Cutting, Deliver } from '../lines/cutting.js';
import { isSameFile, statusOf } from './file-identity.js';
import { readTurn } from './file-turn.js';
import { isTransient, type OpenFiles } from './open-files.js';
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
  /** The file cannot be read, or not to its end. */
  readonly onBad: (file: SpooledFile, error: unknown) => Promise<void>;
}

export class FileReader {
  readonly #options: FileReaderOptions;

  constructor(options: FileReaderOptions) {
    this.#options = options;
  }

  /**
   * Gives a file that is not busy its turn. What the system says against it goes to `onBad`, unless
   * it may be over in a moment; anything else is a bug and thrown.
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
    const stats = await handle.stat({ bigint: true });
    index.handled(file);
    if (!isSameFile(file.identity, stats)) {
      await openFiles.close(file);
      return undefined;
    }
    file.observe(stats, clock.monotonic());
    if (await this.#isWrittenAnew(file)) {
      this.#sayWrittenAnew(file);
      return index.replace(file, stats, clock.monotonic());
    }
    file.sight.acquit(stats);
    this.#sayAdditions(file);
    return file;
  }

  async #isWrittenAnew(file: SpooledFile): Promise<boolean> {
    if (!file.isBegun || !file.handle) return false;
    return file.sight.suspicion === 'shrunk' || !(await file.fingerprint.matches(file.handle));
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
    const { clock, openFiles, onBad } = this.#options;
    if (isTransient(error)) {
      file.retryAt = clock.monotonic() + RETRY_DELAY;
      this.#sayDelayed(file, error);
      await openFiles.relieve();
    } else if (!this.#isChanging(file)) {
      await onBad(file, error);
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
