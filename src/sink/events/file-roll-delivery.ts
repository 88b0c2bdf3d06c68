/**
 * Files in a directory, a new one after a time. Flume's sink makes an empty file where nothing came in
 * that time; here a file is made when there is something to write to it.
 */
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../../core/clock.js';
import { LogwinError, messageOf, systemCode } from '../../core/errors.js';
import type { FileRollOptions } from '../../core/forward-config.js';
import type { Logger } from '../../core/logger.js';
import { synchronise } from '../../core/synchronise.js';
import type { EncodedEvents } from '../../wire/avro/events.js';
import type { Delivery } from './delivery.js';
import { EventText } from './event-text.js';
import { type CreateFile, createFile, RolledFile, SpoiltFileError } from './rolled-file.js';

interface Around {
  readonly clock: Clock;
  readonly log: Logger;
}

export class FileRollDelivery implements Delivery {
  readonly peer: string;
  readonly #options: FileRollOptions;
  readonly #around: Around;
  readonly #create: CreateFile;
  readonly #text: EventText;
  readonly #began: number;
  #number = 1;
  #file: RolledFile | undefined;
  #timer: Timer | undefined;
  /** Ends when all that was asked for until now is done. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: FileRollOptions, around: Around, create: CreateFile = createFile) {
    this.peer = options.directory;
    this.#options = options;
    this.#around = around;
    this.#create = create;
    this.#text = new EventText(options.lineEnds);
    this.#began = around.clock.wall();
  }

  async open(): Promise<void> {
    const { directory } = this.#options;
    let isDirectory = false;
    try {
      isDirectory = (await stat(directory)).isDirectory();
      await access(directory, constants.W_OK | constants.X_OK);
    } catch (error) {
      const code = systemCode(error);
      if (code === undefined) throw error;
      throw unusable(`cannot write into ${directory} (${code})`);
    }
    if (!isDirectory) throw unusable(`${directory} is not a directory`);
  }

  deliver(events: EncodedEvents): Promise<void> {
    return this.#inTurn(() => this.#append(events));
  }

  close(): Promise<void> {
    return this.#end();
  }

  /** One at a time: chunks, and the end of a file. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#last.then(work);
    // Who asked for it hears of it.
    this.#last = done.catch(() => {});
    return done;
  }

  async #append(events: EncodedEvents): Promise<void> {
    this.#file ??= await this.#next();
    try {
      await this.#file.append(this.#text.of(events));
    } catch (error) {
      if (!(error instanceof SpoiltFileError)) throw error;
      await this.#abandon(error);
      throw error.cause;
    }
  }

  /** Makes the next file; passes over names that are taken. */
  async #next(): Promise<RolledFile> {
    const { directory, prefix, extension } = this.#options;
    for (;;) {
      const path = join(directory, `${prefix}${this.#began}-${this.#number}${extension}`);
      try {
        const file = new RolledFile(path, await this.#create(path));
        this.#number += 1;
        await this.#made(directory);
        return file;
      } catch (error) {
        if (systemCode(error) !== 'EEXIST') throw error;
        this.#number += 1;
      }
    }
  }

  async #made(directory: string): Promise<void> {
    const { clock, log } = this.#around;
    const { rollAfter } = this.#options;
    if (rollAfter > 0) this.#timer = clock.after(rollAfter, () => void this.#end());
    try {
      await synchronise(directory);
    } catch (error) {
      // Some file systems cannot do it; what is in the file is synchronised all the same.
      log.debug('A directory cannot be synchronised.', { directory, reason: messageOf(error) });
    }
  }

  /** A file that is closed late is of no harm, one that cannot be closed was synchronised. */
  async #end(): Promise<void> {
    try {
      await this.#inTurn(() => this.#roll());
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      this.#around.log.warn('A file could not be closed.', { reason: messageOf(error) });
    }
  }

  async #abandon(error: SpoiltFileError): Promise<void> {
    this.#around.log.warn('A file may end with lines that are also in the next one.', {
      file: this.#file?.path ?? '',
      reason: error.message,
    });
    // That its write failed says more than that its end fails too.
    await this.#roll().catch(() => {});
  }

  async #roll(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#timer?.cancel();
    this.#timer = undefined;
    await file?.close();
  }
}

function unusable(what: string): LogwinError {
  return new LogwinError('source-unusable', what, 'name a directory that exists and is writable');
}
