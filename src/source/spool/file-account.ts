/** What of a file is in the window, what of that is so for good, and who waits for it. */
import type { Batch } from '../../core/batch.js';
import type { Digest, FileMemo } from '../../core/journal.js';
import { digest, lastBytes } from './fingerprint.js';

export class FileAccount {
  /** All lines before this are in the window. */
  position = 0;
  /** How many lines that is. */
  lines = 0;
  /** Of the last bytes before `position`; undefined where nobody kept them. */
  tail: Digest | undefined;
  /** All lines before this are accounted for, for good. Negative: nothing is, not even the file. */
  acknowledgedTo = -1;
  /** What `tail` is of, as long as more may come. */
  #recent: Uint8Array = new Uint8Array();
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
    this.#recent = batch.kind === 'lines' ? lastBytes(this.#recent, batch.bytes) : new Uint8Array();
    const { length } = this.#recent;
    this.tail = length > 0 ? digest(this.#recent, batch.end - length) : undefined;
  }

  /** Nothing more is expected: only the digest is kept. */
  close(): void {
    this.#recent = new Uint8Array();
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
