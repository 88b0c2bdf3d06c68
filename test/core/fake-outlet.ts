import type { Outlet, OutletListeners } from '../../src/core/output/outlet.js';
import type { Terminal } from '../../src/core/output/terminal.js';

/** An outlet whose reader is the test: a write is in progress until `accept` is called. */
export class FakeOutlet implements Outlet {
  readonly terminal: FakeTerminal | undefined;
  readonly writes: string[] = [];
  isOpen = true;
  #done: (() => void) | undefined;
  #listeners: OutletListeners | undefined;

  constructor(terminal?: FakeTerminal) {
    this.terminal = terminal;
  }

  listen(listeners: OutletListeners): void {
    this.#listeners = listeners;
  }

  write(bytes: Uint8Array, done: () => void): void {
    if (this.#done !== undefined) throw new Error('a write is in progress');
    this.writes.push(Buffer.from(bytes).toString());
    this.#done = done;
  }

  accept(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }

  /** Accepts all that comes until nothing more comes. */
  acceptAll(): void {
    while (this.#done !== undefined) this.accept();
  }

  fail(error: Error): void {
    this.#listeners?.failed(error);
  }

  hangUp(): void {
    this.#listeners?.closed();
    this.accept();
  }

  close(): void {
    this.isOpen = false;
  }
}

export class FakeTerminal implements Terminal {
  columns: number;
  rows: number;
  hasColors = false;
  movesCursor = true;
  #listener: (() => void) | undefined;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  onResize(listener: () => void): void {
    this.#listener = listener;
  }

  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.#listener?.();
  }
}
