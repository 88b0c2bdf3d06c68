/**
 * What must come out, found the plain way: lines as strings, the format by the expression that
 * defines it.
 */
import { referenceCaptures, referenceField } from '../reference/combined.js';

export class Expected {
  /** How often each URL is to be counted; keys as latin-1. */
  readonly counts = new Map<string, number>();
  rejected = 0;
  lines = 0;
  readonly #maxLine: number;

  constructor(maxLine: number) {
    this.#maxLine = maxLine;
  }

  /** Lines that are counted. */
  get total(): number {
    return this.lines - this.rejected;
  }

  /** A whole file, decompressed, that is dropped so many times. */
  add(text: Buffer, times = 1): void {
    const lines = text.toString('latin1').split('\n');
    // What follows the last line end is a line only where there is something.
    if (lines.at(-1) === '') lines.pop();
    this.lines += lines.length * times;
    for (const line of lines) this.#addLine(line, times);
  }

  #addLine(line: string, times: number): void {
    const captures = line.length > this.#maxLine ? undefined : referenceCaptures(line);
    const url = captures && referenceField(captures, 'url');
    if (url === undefined) this.rejected += times;
    else this.counts.set(url, (this.counts.get(url) ?? 0) + times);
  }
}
