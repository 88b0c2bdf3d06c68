import type { Clock, Timer } from '../clock.js';
import { systemCode } from '../errors.js';
import type { Outlet, OutletListeners } from './outlet.js';
import type { Terminal } from './terminal.js';

/**
 * Writes some of `bytes` and says how many, or why none. Must not block the event loop; where it
 * would have to wait, it fails with EAGAIN.
 */
export type WriteSome = (
  bytes: Uint8Array,
  done: (error: Error | null, length: number) => void,
) => void;

/** How the system says that nobody reads. */
const CLOSED_CODES = new Set(['EPIPE', 'ECONNRESET']);
/** Of a terminal: it was hung up. Of a file: its disk is broken. */
const HUNG_UP = 'EIO';

const FULL_CODES = new Set(['EAGAIN', 'EWOULDBLOCK']);

/** First pause when the reader is behind, in ms: short, so that a fast reader gets all it can take. */
const SHORTEST_PAUSE = 1;
const LONGEST_PAUSE = 25;

/** Pause after any other fault, in ms. */
const FAULT_PAUSE = 1000;

/** Whether a failed write means that nobody reads any more. */
export function isClosedError(error: unknown, isTerminal: boolean): boolean {
  const code = systemCode(error) ?? '';
  return CLOSED_CODES.has(code) || (isTerminal && code === HUNG_UP);
}

/** A descriptor that tells when it is full. */
export class DescriptorOutlet implements Outlet {
  readonly terminal: Terminal | undefined;
  readonly #writeSome: WriteSome;
  readonly #clock: Clock;
  readonly #release: () => void;
  #listeners: OutletListeners | undefined;
  #rest: Uint8Array = new Uint8Array(0);
  #done: (() => void) | undefined;
  #pause = SHORTEST_PAUSE;
  #failing = false;
  #closed = false;
  #timer: Timer | undefined;

  /** `release` is called when the outlet is closed. */
  constructor(
    writeSome: WriteSome,
    clock: Clock,
    terminal: Terminal | undefined,
    release: () => void = () => {},
  ) {
    this.#writeSome = writeSome;
    this.#clock = clock;
    this.terminal = terminal;
    this.#release = release;
  }

  listen(listeners: OutletListeners): void {
    this.#listeners = listeners;
  }

  write(bytes: Uint8Array, done: () => void): void {
    this.#rest = bytes;
    this.#done = done;
    if (this.#closed) this.#finish();
    else this.#attempt();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#done = undefined;
    this.#release();
  }

  #attempt(): void {
    this.#writeSome(this.#rest, (error, length) => {
      if (this.#closed) return;
      if (error === null) this.#progressed(length);
      else this.#stopped(error);
    });
  }

  #progressed(length: number): void {
    this.#rest = this.#rest.subarray(length);
    this.#failing = false;
    if (this.#rest.length === 0) {
      this.#pause = SHORTEST_PAUSE;
      this.#finish();
      return;
    }
    if (length > 0) this.#pause = SHORTEST_PAUSE;
    this.#attemptLater();
  }

  #stopped(error: Error): void {
    if (FULL_CODES.has(systemCode(error) ?? '')) {
      this.#attemptLater();
    } else if (isClosedError(error, this.terminal !== undefined)) {
      this.#hangUp();
    } else {
      this.#timer = this.#clock.after(FAULT_PAUSE, () => this.#attempt());
      this.#report(error);
    }
  }

  #attemptLater(): void {
    this.#timer = this.#clock.after(this.#pause, () => this.#attempt());
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE);
  }

  #hangUp(): void {
    const done = this.#done;
    this.close();
    this.#listeners?.closed();
    done?.();
  }

  /** Once until a write gets through: the log that says so may itself go to a full disk. */
  #report(error: Error): void {
    if (this.#failing) return;
    this.#failing = true;
    this.#listeners?.failed(error);
  }

  #finish(): void {
    const done = this.#done;
    this.#rest = new Uint8Array(0);
    this.#done = undefined;
    done?.();
  }
}
