/** What becomes of files: finished ones are retired as the user asked, bad ones are set aside. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../../core/clock.js';
import type { SpoolOptions } from '../../core/config.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { deleteFile, isAsMeant, type Meant, moveFile } from './file-mover.js';
import { FAILED_SUFFIX } from './file-names.js';
import { isTransient, type OpenFiles } from './open-files.js';
import type { SpoolIndex } from './spool-index.js';
import type { SpooledFile } from './spooled-file.js';

/** Milliseconds. */
const RETRY_DELAY = 10_000;

interface RetirementOptions {
  readonly spool: SpoolOptions;
  readonly index: SpoolIndex;
  readonly openFiles: OpenFiles;
  readonly clock: Clock;
  readonly log: Logger;
}

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
    const { index, log, clock, openFiles } = this.#options;
    try {
      const retired = await this.#dispose(file);
      if (retired === undefined) {
        this.#sayChanged(file);
        return;
      }
      // Of a deleted file there is nothing left to look at.
      const level = this.#options.spool.after.kind === 'delete' ? 'debug' : 'info';
      log[level]('A file is finished.', { file: file.name, lines: file.lines, ...retired.fields });
      if (retired.kept) file.keptTo = file.readTo;
      else index.retire(file, retired.path, clock.monotonic());
      if (file.place !== 'gone') await openFiles.close(file);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      if (isTransient(error)) await openFiles.relieve();
      this.#sayStuck(file, error);
    }
  }

  /**
   * Takes a file that cannot be read (to its end) out of the way. What it gave stays counted. Where
   * it cannot be renamed, or is not to be, it is left alone until it changes.
   */
  async setAside(file: SpooledFile, error: unknown): Promise<void> {
    const { spool, index, openFiles, log } = this.#options;
    // First, for what a look sees from here on is news.
    file.isBad = true;
    const path = await this.#renameFailed(file);
    // It changed meanwhile, so it is not what was found bad.
    if (path === undefined && !file.isBad) return;
    this.failed += 1;
    if (path === undefined) await openFiles.close(file);
    else index.forget(file);
    await file.untilAcknowledged();
    log.error('A file cannot be read and is set aside.', {
      file: file.name,
      reason: messageOf(error),
      linesRead: file.lines,
      ...(path === undefined ? {} : { as: join(spool.directory, path) }),
    });
  }

  async #renameFailed(file: SpooledFile): Promise<string | undefined> {
    const { spool, log } = this.#options;
    if (spool.after.kind === 'keep' || file.place !== 'spool') return undefined;
    try {
      return await this.#renameTo(file, FAILED_SUFFIX);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      log.error('A bad file cannot be renamed.', { file: file.name, reason: messageOf(error) });
      return undefined;
    }
  }

  async #dispose(file: SpooledFile): Promise<Disposed | undefined> {
    const { spool } = this.#options;
    const meant = this.#meant(file);
    switch (spool.after.kind) {
      case 'keep':
        return (await isAsMeant(meant)) ? { kept: true, path: undefined, fields: {} } : undefined;
      case 'delete':
        return (await deleteFile(meant))
          ? { kept: false, path: undefined, fields: { as: '(deleted)' } }
          : undefined;
      case 'move':
        return this.#move(file, meant, spool.after.directory);
      case 'rename': {
        const path = await this.#renameTo(file, spool.suffix);
        if (path === undefined) return undefined;
        return { kept: false, path, fields: { as: join(spool.directory, path) } };
      }
    }
  }

  async #move(file: SpooledFile, meant: Meant, directory: string): Promise<Disposed | undefined> {
    const target = join(directory, file.path);
    await mkdir(dirname(target), { recursive: true });
    const as = await moveFile(meant, (n) => (n === 1 ? target : `${target}.${n}`));
    return as === undefined ? undefined : { kept: false, path: undefined, fields: { as } };
  }

  /** Within the directory. Resolves to the new path, relative to it. */
  async #renameTo(file: SpooledFile, suffix: string): Promise<string | undefined> {
    let path = '';
    const target = await moveFile(this.#meant(file), (n) => {
      path = n === 1 ? `${file.path}${suffix}` : `${file.path}.${n}${suffix}`;
      return join(this.#options.spool.directory, path);
    });
    return target === undefined ? undefined : path;
  }

  #meant(file: SpooledFile): Meant {
    return {
      path: join(this.#options.spool.directory, file.path),
      identity: file.identity,
      size: file.size,
      modified: file.sight.modified,
    };
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
    file.retryAt = this.#options.clock.monotonic() + RETRY_DELAY;
    if (!file.isNews('stuck')) return;
    this.#options.log.error('A finished file cannot be retired; it is counted and tried again.', {
      file: file.name,
      reason: messageOf(error),
    });
  }
}

interface Disposed {
  readonly kept: boolean;
  /** The new path, where it is still below the spool directory. */
  readonly path: string | undefined;
  readonly fields: { readonly as?: string };
}
