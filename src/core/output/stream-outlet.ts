import type { Writable } from 'node:stream';
import { isClosedError } from './descriptor-outlet.js';
import type { Outlet, OutletListeners } from './outlet.js';
import type { Terminal } from './terminal.js';

/** Node's own stream, for a socket and whatever cannot be opened anew. */
export class StreamOutlet implements Outlet {
  readonly terminal: Terminal | undefined;
  readonly #stream: Writable;
  #listeners: OutletListeners | undefined;
  #done: (() => void) | undefined;
  #closed = false;

  constructor(stream: Writable, terminal: Terminal | undefined) {
    this.#stream = stream;
    this.terminal = terminal;
    stream.on('error', (error) => this.#broken(error));
  }

  listen(listeners: OutletListeners): void {
    this.#listeners = listeners;
  }

  write(bytes: Uint8Array, done: () => void): void {
    if (this.#closed) {
      done();
      return;
    }
    this.#done = done;
    this.#stream.write(bytes, (error) => {
      if (error) this.#broken(error);
      else this.#finish();
    });
  }

  close(): void {
    this.#closed = true;
    this.#done = undefined;
  }

  /** A stream that failed once takes no more, so every error ends it. */
  #broken(error: Error): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!isClosedError(error, this.terminal !== undefined)) this.#listeners?.failed(error);
    this.#listeners?.closed();
    this.#finish();
  }

  #finish(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}
