/**
 * Cuts the bytes of one origin into batches of whole lines.
 *
 * Nobody looks for every line end here, for the parser does: only for the last one of each piece that
 * was read. What follows it is the beginning of a line, and is kept. Where that grows longer than the
 * limit it is kept no more: the line's start stays the position until its end has come, and then it is
 * given once, without bytes.
 */
import {
  type Batch,
  LINE_END,
  type LineBatch,
  type Origin,
  type OverlongLine,
} from '../../core/batch.js';
import { byteArray, withRoom } from '../../core/growth.js';

/** Where to go on in an origin. */
export interface Resumption {
  /** The start of the first line that was not given yet. */
  readonly position: number;
  /** In the middle of a line that is too long: how far it was looked through; else `position`. */
  readonly scannedTo: number;
}

/**
 * Gives `begun`, the beginning of a line, and `rest`, the end of that line and further ones, in one
 * piece of memory that nobody else writes to as long as the batch is under way.
 */
type Join = (begun: Uint8Array, rest: Buffer) => Buffer;

export class LineCutter {
  readonly #origin: Origin;
  readonly #maxLine: number;
  /** The beginning of the line whose end has not come: so many bytes, without a line end. */
  #begun = byteArray(0);
  #kept = 0;
  #readTo: number;
  /** The start of the line that is too long and whose end has not come. */
  #overlongFrom: number | undefined;

  constructor(origin: Origin, maxLine: number, from: Resumption = { position: 0, scannedTo: 0 }) {
    this.#origin = origin;
    this.#maxLine = maxLine;
    this.#readTo = from.scannedTo;
    this.#overlongFrom = from.scannedTo > from.position ? from.position : undefined;
  }

  /** The origin's position of the next byte to cut. */
  get readTo(): number {
    return this.#readTo;
  }

  /**
   * Where a reader that stops now would have to go on. An unfinished line is read again from its
   * start, unless it is too long already.
   */
  get resumption(): Resumption {
    const scannedTo = this.#readTo - this.#kept;
    return { position: this.#overlongFrom ?? scannedTo, scannedTo };
  }

  /**
   * Takes the next bytes of the origin and returns the batches of the lines that they finish. What
   * else it needs of them it copies.
   */
  cut(bytes: Buffer, join: Join): Batch[] {
    const batches: Batch[] = [];
    const rest = bytes.subarray(this.#endOverlong(bytes, batches));
    const whole = rest.lastIndexOf(LINE_END) + 1;
    if (whole > 0) batches.push(this.#give(rest.subarray(0, whole), join));
    this.#keep(rest.subarray(whole));
    return batches;
  }

  /** The origin has ended: its last line, where it has no line end. */
  end(): Batch[] {
    const { position } = this.resumption;
    if (position === this.#readTo) return [];
    if (this.#overlongFrom === undefined) return [this.#give(Buffer.alloc(0), joinApart)];
    this.#overlongFrom = undefined;
    return [this.#overlong(position, this.#readTo)];
  }

  /** Passes over the rest of a line that is too long. Returns where to go on in `bytes`. */
  #endOverlong(bytes: Buffer, batches: Batch[]): number {
    if (this.#overlongFrom === undefined) return 0;
    const end = bytes.indexOf(LINE_END) + 1;
    const passed = end > 0 ? end : bytes.length;
    this.#readTo += passed;
    if (end > 0) {
      batches.push(this.#overlong(this.#overlongFrom, this.#readTo));
      this.#overlongFrom = undefined;
    }
    return passed;
  }

  #give(rest: Buffer, join: Join): LineBatch {
    const start = this.#readTo - this.#kept;
    const bytes = join(this.#begun.subarray(0, this.#kept), rest);
    this.#readTo += rest.length;
    this.#kept = 0;
    return { kind: 'lines', origin: this.#origin, start, end: this.#readTo, bytes };
  }

  /** Keeps what is the beginning of a line, or more of it, or drops it when it is too long. */
  #keep(bytes: Buffer): void {
    const length = this.#kept + bytes.length;
    if (length > this.#maxLine) {
      this.#overlongFrom = this.#readTo - this.#kept;
      this.#kept = 0;
    } else {
      this.#begun = withRoom(this.#begun, length, byteArray);
      this.#begun.set(bytes, this.#kept);
      this.#kept = length;
    }
    this.#readTo += bytes.length;
  }

  #overlong(start: number, end: number): OverlongLine {
    return { kind: 'too-long', origin: this.#origin, start, end };
  }
}

/** Joins in memory of its own, of just that length: a short batch does not hold a long buffer. */
export function joinApart(begun: Uint8Array, rest: Buffer): Buffer {
  const bytes = Buffer.allocUnsafeSlow(begun.length + rest.length);
  bytes.set(begun);
  bytes.set(rest, begun.length);
  return bytes;
}

/** Joins where `rest` lies, in memory that has room before it. */
export function joinInPlace(begun: Uint8Array, rest: Buffer): Buffer {
  const start = rest.byteOffset - begun.length;
  const bytes = Buffer.from(rest.buffer, start, begun.length + rest.length);
  bytes.set(begun);
  return bytes;
}
