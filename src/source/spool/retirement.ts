/** Finished files are retired as the user asked, bad ones are set aside; and what is said of that. */
import type { Clock } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { FileMemory } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import { type Disposed, dispose, renamed } from './disposal.js';
import type { DurableNames } from './durable-names.js';
import { FAILED_SUFFIX } from './file-names.js';
import { RETRY_DELAY as SOON } from './file-reader.js';
import { isTransient, type OpenFiles } from './open-files.js';
import type { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';

/** Milliseconds, where it takes somebody to mend it. */
const RETRY_DELAY = 10_000;

interface RetirementOptions {
  readonly spool: SpoolOptions;
  readonly index: SpoolIndex;
  readonly openFiles: OpenFiles;
  readonly names: DurableNames;
  readonly memory: FileMemory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What became of the name of a bad file: nothing, where it was left as it was, or has changed. */
type Aside = Disposed | 'left' | 'changed';

export class Retirement {
  /** How many files were set aside. */
  failed = 0;
  readonly #options: RetirementOptions;

  constructor(options: RetirementOptions) {
    this.#options = options;
  }

  /**
   * Retires a file that was read to its end and acknowledged. Where the path does not name the file
   * any more, or the file has changed, nothing happens: the next look tells more.
   */
  async finish(file: SpooledFile): Promise<void> {
    const { spool, index, names, memory, clock, openFiles } = this.#options;
    try {
      const disposed = await dispose(file, spool);
      if (disposed === undefined) {
        this.#sayChanged(file);
      } else if (disposed === 'kept') {
        this.#sayFinished(file);
        file.keptTo = file.readTo;
        memory.changed(file);
      } else {
        this.#sayFinished(file, disposed.as);
        index.retire(file, disposed.path, clock.monotonic());
        names.retired(file, disposed.directories);
      }
      if (disposed !== undefined) file.account.close();
      if (file.place !== 'gone' && disposed !== undefined) await openFiles.close(file);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      if (isTransient(error)) await openFiles.relieve();
      this.#sayStuck(file, error);
    }
  }

  /**
   * Takes a bad file, of which all that it gave is acknowledged, out of the way. What it gave stays
   * counted. Where it cannot be renamed, or is not to be, it is left alone until it changes.
   */
  async setAside(file: SpooledFile): Promise<void> {
    const { spool, index, names, openFiles } = this.#options;
    const { fault } = file;
    const aside = await this.#renameFailed(file);
    if (aside === 'changed' && !spool.once) return;
    this.failed += 1;
    if (aside === 'left' || aside === 'changed') {
      file.isLeftAlone = true;
      await openFiles.close(file);
      this.#sayBad(file, fault);
    } else {
      index.untrack(file);
      names.setAside(file, aside.directories);
      this.#sayBad(file, fault, aside.as);
    }
  }

  async #renameFailed(file: SpooledFile): Promise<Aside> {
    const { spool, log } = this.#options;
    if (spool.after.kind === 'keep' || file.place !== 'spool') return 'left';
    try {
      return (await renamed(file, spool, FAILED_SUFFIX)) ?? 'changed';
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      log.error('A bad file cannot be renamed.', { file: file.name, reason: messageOf(error) });
      return 'left';
    }
  }

  #sayFinished(file: SpooledFile, as?: string): void {
    const { spool, log } = this.#options;
    const fields = { file: file.name, lines: file.lines, ...(as === undefined ? {} : { as }) };
    // Of a deleted file there is nothing left to look at.
    log[spool.after.kind === 'delete' ? 'debug' : 'info']('A file is finished.', fields);
  }

  #sayBad(file: SpooledFile, fault: unknown, as?: string): void {
    this.#options.log.error('A file cannot be read and is set aside.', {
      file: file.name,
      reason: messageOf(fault),
      linesRead: file.lines,
      ...(as === undefined ? {} : { as }),
    });
  }

  /** After a batch run there is no next look. */
  #sayChanged(file: SpooledFile): void {
    if (!this.#options.spool.once) return;
    const message =
      'A file changed after it was counted; it stays, and another run counts it again.';
    this.#options.log.warn(message, { file: file.name });
  }

  /** Says it once a file: the next look tries again, and again. */
  #sayStuck(file: SpooledFile, error: unknown): void {
    if (systemCode(error) === 'ENOENT') return;
    const delay = isTransient(error) ? SOON : RETRY_DELAY;
    file.retryAt = this.#options.clock.monotonic() + delay;
    if (!file.isNews('stuck')) return;
    this.#options.log.error('A finished file cannot be retired; it is counted and tried again.', {
      file: file.name,
      reason: messageOf(error),
    });
  }
}
