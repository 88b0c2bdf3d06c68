import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Timer } from '../core/clock.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { DemoTraffic } from './demo-traffic.js';

/** Between two drops, in ms. */
const PERIOD = 1000;

/** Drops a file of generated traffic into a directory, and another one every second. */
export class Drops {
  readonly #directory: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #traffic = new DemoTraffic();
  #number = 0;
  #timer: Timer | undefined;
  #dropping: Promise<void> = Promise.resolve();

  constructor(directory: string, clock: Clock, log: Logger) {
    this.#directory = directory;
    this.#clock = clock;
    this.#log = log;
  }

  /** Resolves when the first file is there. */
  start(): Promise<void> {
    this.#timer = this.#clock.after(PERIOD, () => this.start());
    this.#dropping = this.#drop();
    return this.#dropping;
  }

  /** Resolves when no more will come. */
  stop(): Promise<void> {
    this.#timer?.cancel();
    return this.#dropping;
  }

  /** Under a hidden name first: a file that is renamed in is complete from its first moment. */
  async #drop(): Promise<void> {
    this.#number += 1;
    const name = `access-${String(this.#number).padStart(6, '0')}.log`;
    const hidden = join(this.#directory, `.${name}`);
    try {
      await writeFile(hidden, this.#traffic.next(this.#clock.wall()));
      await rename(hidden, join(this.#directory, name));
    } catch (error) {
      this.#log.warn('A file could not be dropped.', { file: name, error: messageOf(error) });
    }
  }
}
