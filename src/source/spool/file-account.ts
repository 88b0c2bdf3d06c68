/** What of a file is in the window, what of that is so for good, and who waits for it. */
import type { Batch } from '../../core/batch.js';
import type { Digest, FileMemo } from '../../core/journal.js';
import { digestOfEnd } from './fingerprint.js';

export class FileAccount {
  /** All lines before this are in the window. */
  position = 0;
  /** How many lines that is. */
  lines = 0;
  /** Of the last bytes before `position`; undefined where nobody kept them. */
  tail: Digest | undefined;
  /** All lines before this are accounted for, for good. */
  acknowledgedTo = 0;
  #waiting: (() => void)[] = [];

  /** What an earlier run had done. */
  restore({ position, lines, tail }: FileMemo): void {
    this.position = position;
    this.acknowledgedTo = position;
    this.lines = lines;
    this.tail = tail;
  }

  add(batch: Batch, lines: number): void {
    this.position = batch.end;
    this.lines += lines;
    this.tail = batch.kind === 'lines' ? digestOfEnd(batch.bytes, batch.start) : undefined;
  }

  /** Resolves when somebody calls `letGo`. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  letGo(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting = [];
  }
}
