/** A pipe whose reader takes its time, until it is told to hurry. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { systemCode } from '../../src/core/errors.js';
import { Printed } from './printed.js';

/** Four KiB a second. */
const SIP = 2048;
const SIP_PERIOD = 500;
const GULP = 65_536;
const GULP_PERIOD = 5;

export class SlowReader {
  readonly printed = new Printed();
  readonly #descriptor: number;
  readonly #decoder = new TextDecoder();
  #timer: NodeJS.Timeout;
  /** For whoever writes; to be closed here once he has it. */
  readonly writer: number;

  /** Makes a FIFO at `path`. */
  constructor(path: string) {
    execFileSync('mkfifo', [path]);
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.writer = openSync(path, constants.O_WRONLY);
    this.#timer = setInterval(() => this.#read(SIP), SIP_PERIOD);
  }

  /** Takes all there is from now on. */
  hurry(): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#read(GULP), GULP_PERIOD);
  }

  close(): void {
    clearInterval(this.#timer);
    closeSync(this.#descriptor);
  }

  #read(most: number): void {
    const bytes = Buffer.allocUnsafe(most);
    try {
      const length = readSync(this.#descriptor, bytes);
      this.printed.take(this.#decoder.decode(bytes.subarray(0, length), { stream: true }));
    } catch (error) {
      if (systemCode(error) !== 'EAGAIN') throw error;
    }
  }
}
