/** Looks at a spool directory, asks for hints, and copes with the directory itself going away. */
import { stat } from 'node:fs/promises';
import { relative } from 'node:path';
import type { SpoolOptions } from '../../core/config.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { ChangeHints, HintOptions } from './change-hints.js';
import { identityKey, identityOf } from './file-identity.js';
import { createNameFilter } from './file-names.js';
import { realPath } from './spool-check.js';
import { type ScanOptions, type Sighting, scanSpool } from './spool-scan.js';

export type WatchForHints = (options: HintOptions) => ChangeHints;

interface Around {
  readonly log: Logger;
  readonly claim: (directory: string) => Promise<void>;
  readonly watchForHints?: WatchForHints;
}

/** Paths of which it is remembered that they were complained of. */
const MOST_SAID = 10_000;

export class DirectoryWatch {
  readonly #options: SpoolOptions;
  readonly #around: Around;
  readonly #onHint: () => void;
  #scan: ScanOptions;
  /** What could not be looked at, and was said. */
  readonly #said = new Set<string>();
  #hints: ChangeHints | undefined;
  /** The directory that is ours alone, and the one that hints come from: the keys of their identities. */
  #claimed = '';
  #watched = '';
  #isHinted = false;
  #problem: string | undefined;

  constructor(options: SpoolOptions, around: Around, onHint: () => void) {
    const { directory, recursive } = options;
    this.#options = options;
    this.#around = around;
    this.#onHint = onHint;
    this.#scan = {
      directory,
      recursive,
      names: createNameFilter(options),
      exclude: undefined,
      onUnreadable: (path, error) => this.#sayUnreadable(path, error),
    };
  }

  /**
   * Claims the directory, and finds out whether files are moved to below it: there they are not read
   * again. Throws a `LogwinError` where another process has it.
   */
  async open(): Promise<void> {
    const { directory, after } = this.#options;
    await this.#follow();
    if (after.kind !== 'move') return;
    const exclude = relative(await realPath(directory), await realPath(after.directory));
    this.#scan = { ...this.#scan, exclude };
  }

  /** From now on hints are asked for. */
  askForHints(): void {
    this.#isHinted = true;
  }

  /** What is there; undefined where the directory cannot be looked at now, which is said once. */
  async look(): Promise<readonly Sighting[] | undefined> {
    try {
      await this.#follow();
      const sightings = await scanSpool(this.#scan);
      this.#sayBack();
      return sightings;
    } catch (error) {
      this.#sayProblem(error);
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.#hints?.close();
    this.#hints = undefined;
  }

  /**
   * A directory that came back may be another one: somebody else may have it, and the hints of the old
   * one tell nothing.
   */
  async #follow(): Promise<void> {
    const { directory } = this.#options;
    const directoryKey = identityKey(identityOf(await stat(directory, { bigint: true })));
    if (directoryKey !== this.#claimed) {
      await this.#around.claim(directory);
      this.#claimed = directoryKey;
    }
    if (!this.#isHinted || directoryKey === this.#watched) return;
    await this.close();
    this.#watched = directoryKey;
    this.#watch();
  }

  #watch(): void {
    const { directory, recursive } = this.#options;
    this.#hints = this.#around.watchForHints?.({
      directory,
      recursive,
      onHint: this.#onHint,
      onError: (error) => this.#sayHintless(error),
    });
  }

  #sayProblem(error: unknown): void {
    const problem = systemCode(error) ?? messageOf(error);
    if (problem === this.#problem) return;
    this.#problem = problem;
    this.#watched = '';
    const message =
      problem === 'ENOENT'
        ? 'The spool directory has gone away; it is waited for.'
        : 'The spool directory cannot be looked at; it is tried again.';
    this.#around.log.warn(message, {
      directory: this.#options.directory,
      reason: messageOf(error),
    });
  }

  #sayBack(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#around.log.info('The spool directory is there again.', {
      directory: this.#options.directory,
    });
  }

  #sayHintless(error: unknown): void {
    if (this.#said.has('')) return;
    this.#said.add('');
    this.#around.log.warn('Changes are not told by the system; they are found by looking.', {
      directory: this.#options.directory,
      reason: messageOf(error),
    });
  }

  #sayUnreadable(path: string, error: unknown): void {
    if (this.#said.has(path)) return;
    // Names are made by strangers, and there is no end of names.
    if (this.#said.size >= MOST_SAID) this.#said.clear();
    this.#said.add(path);
    this.#around.log.warn('Something in the spool directory cannot be looked at; it is not read.', {
      directory: this.#options.directory,
      file: path,
      reason: messageOf(error),
    });
  }
}
