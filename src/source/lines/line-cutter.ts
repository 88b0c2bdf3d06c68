/**
 * Cuts the bytes of one origin into batches of whole lines.
 *
 * The reader asks for `room`, reads into it, and says with `filled` how many bytes came. What is not
 * yet a whole line stays at the front of the buffer. A line longer than the limit is not kept: its
 * start stays the position until its end has come, and then it is given once, without bytes.
 */
import {
  type Batch,
  LINE_END,
  type LineBatch,
  type Origin,
  type OverlongLine,
} from '../../core/batch.js';
import type { Cutting } from './cutting.js';

/** Where to go on in an origin. */
export interface Resumption {
  /** The start of the first line that was not given yet. */
  readonly position: number;
  /** In the middle of a line that is too long: how far it was looked through; else `position`. */
  readonly scannedTo: number;
}

export class LineCutter {
  readonly #origin: Origin;
  readonly #cutting: Cutting;
  #buffer: Buffer;
  /** Bytes of an unfinished line at the front of the buffer; no line end is among them. */
  #kept = 0;
  /** The origin's position of the first byte of the buffer. */
  #base: number;
  /** The start of the line that is too long and whose end has not come. */
  #overlongFrom: number | undefined;

  constructor(origin: Origin, cutting: Cutting, from: Resumption = { position: 0, scannedTo: 0 }) {
    this.#origin = origin;
    this.#cutting = cutting;
    this.#buffer = cutting.pool.acquire();
    this.#base = from.scannedTo;
    this.#overlongFrom = from.scannedTo > from.position ? from.position : undefined;
  }

  /** Where the next bytes of the origin go; at least one byte long. */
  get room(): Buffer {
    return this.#buffer.subarray(this.#kept);
  }

  /** The origin's position of the first byte of `room`. */
  get readTo(): number {
    return this.#base + this.#kept;
  }

  /**
   * Where a reader that stops now would have to go on. An unfinished line is read again from its
   * start, unless it is too long already.
   */
  get resumption(): Resumption {
    const overlong = this.#overlongFrom;
    return overlong === undefined
      ? { position: this.#base, scannedTo: this.#base }
      : { position: overlong, scannedTo: this.#base };
  }

  /** `count` bytes were read into `room`. Returns the batches of the lines that they finished. */
  filled(count: number): Batch[] {
    const bytes = this.#buffer.subarray(0, this.#kept + count);
    const batches: Batch[] = [];
    const start = this.#endOverlong(bytes, batches);
    if (start < 0) {
      this.#base += bytes.length;
      return batches;
    }
    const rest = this.#cut(bytes, start, batches);
    this.#keep(bytes, rest, batches);
    return batches;
  }

  /** The origin has ended: its last line, where it has no line end. */
  end(): Batch[] {
    const { position } = this.resumption;
    const end = this.readTo;
    if (end === position) return [];
    const overlong = this.#overlongFrom !== undefined;
    const batch = overlong
      ? this.#overlong(position, end)
      : withOwnBytes(this.#view(0, this.#kept, 1));
    this.#overlongFrom = undefined;
    this.#base = end;
    this.#kept = 0;
    return [batch];
  }

  /** Gives the buffer back. The cutter is not used afterwards. */
  release(): void {
    this.#cutting.pool.release(this.#buffer);
  }

  /** Looks for the end of an overlong line. Returns where to go on in `bytes`, or -1. */
  #endOverlong(bytes: Buffer, batches: Batch[]): number {
    if (this.#overlongFrom === undefined) return 0;
    const at = bytes.indexOf(LINE_END);
    if (at < 0) return -1;
    batches.push(this.#overlong(this.#overlongFrom, this.#base + at + 1));
    this.#overlongFrom = undefined;
    return at + 1;
  }

  /** Cuts all whole lines from `start` on. Returns the start of the unfinished one. */
  #cut(bytes: Buffer, start: number, batches: Batch[]): number {
    const { maxLine, batchLines } = this.#cutting;
    let batchStart = start;
    let lineStart = start;
    let lines = 0;
    const flush = (end: number): void => {
      if (lines > 0) batches.push(this.#view(batchStart, end, lines));
      batchStart = end;
      lines = 0;
    };
    for (
      let at = bytes.indexOf(LINE_END, Math.max(start, this.#kept));
      at >= 0;
      at = bytes.indexOf(LINE_END, at + 1)
    ) {
      if (at - lineStart > maxLine) {
        flush(lineStart);
        batches.push(this.#overlong(this.#base + lineStart, this.#base + at + 1));
        batchStart = at + 1;
      } else {
        lines += 1;
        if (lines === batchLines) flush(at + 1);
      }
      lineStart = at + 1;
    }
    flush(lineStart);
    return lineStart;
  }

  /** Moves the unfinished line to the front of a buffer, or begins to drop it. */
  #keep(bytes: Buffer, rest: number, batches: Batch[]): void {
    const unfinished = bytes.subarray(rest);
    this.#handOver(batches);
    if (unfinished.length > this.#cutting.maxLine) {
      this.#overlongFrom = this.#base + rest;
      this.#base += bytes.length;
      this.#kept = 0;
      return;
    }
    this.#buffer.set(unfinished);
    this.#base += rest;
    this.#kept = unfinished.length;
  }

  /**
   * A batch that fills most of the buffer takes the buffer with it. Smaller ones are copied: else a
   * short file would hold a whole buffer, and the channel's bound in bytes would mean nothing.
   */
  #handOver(batches: Batch[]): void {
    const [first] = batches;
    const alone = batches.length === 1 && first?.kind === 'lines';
    if (alone && first.bytes.length * 2 > this.#buffer.length) {
      this.#buffer = this.#cutting.pool.acquire();
      return;
    }
    batches.forEach((batch, index) => {
      if (batch.kind === 'lines') batches[index] = withOwnBytes(batch);
    });
  }

  #view(start: number, end: number, lines: number): LineBatch {
    return {
      kind: 'lines',
      origin: this.#origin,
      start: this.#base + start,
      end: this.#base + end,
      bytes: this.#buffer.subarray(start, end),
      lines,
    };
  }

  #overlong(start: number, end: number): OverlongLine {
    return { kind: 'too-long', origin: this.#origin, start, end, lines: 1 };
  }
}

function withOwnBytes(batch: LineBatch): LineBatch {
  const bytes = Buffer.allocUnsafeSlow(batch.bytes.length);
  bytes.set(batch.bytes);
  return { ...batch, bytes };
}
