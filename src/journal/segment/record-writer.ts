/**
 * Writes records, one behind the other, into memory of its own.
 *
 * A record is the length of its content and the CRC-32 of it (four bytes each, little-endian), and
 * the content, whose first byte is the record's kind. Numbers in it are whole, below 2^53, and stand
 * in groups of seven bits, the lowest first, each but the last with the eighth bit set (LEB128).
 */
import { crc32 } from 'node:zlib';

/** The bytes of a record before its content. */
export const FRAME = 8;

const LEAST = 64 * 1024;
/** A number below 2^53. */
const LONGEST_NUMBER = 8;
const IN_31_BITS = 2 ** 31;

export class RecordWriter {
  #bytes = Buffer.allocUnsafeSlow(LEAST);
  #used = 0;
  /** Where the record at hand begins. */
  #start = 0;

  /** How many bytes wait to be taken. */
  get length(): number {
    return this.#used;
  }

  begin(kind: number): void {
    this.#reserve(FRAME + 1);
    this.#start = this.#used;
    this.#used += FRAME;
    this.#bytes[this.#used++] = kind;
  }

  end(): void {
    const content = this.#bytes.subarray(this.#start + FRAME, this.#used);
    this.#bytes.writeUInt32LE(content.length, this.#start);
    this.#bytes.writeUInt32LE(crc32(content), this.#start + 4);
  }

  number(value: number): void {
    this.#reserve(LONGEST_NUMBER);
    let rest = value;
    for (; rest >= IN_31_BITS; rest = Math.floor(rest / 0x80)) {
      this.#bytes[this.#used++] = (rest % 0x80) | 0x80;
    }
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#used++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#used++] = rest;
  }

  /** A number that need be neither whole nor finite. */
  double(value: number): void {
    this.#reserve(8);
    this.#used = this.#bytes.writeDoubleLE(value, this.#used);
  }

  /** So many bytes as they are; how many is for the caller to say before. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  /** Anything that JSON knows, with its length before it. */
  json(value: unknown): void {
    const text = Buffer.from(JSON.stringify(value));
    this.number(text.length);
    this.raw(text);
  }

  /** All records that were ended; what is written from here on goes to other memory. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#used);
    this.#bytes = Buffer.allocUnsafeSlow(LEAST);
    this.#used = 0;
    return taken;
  }

  clear(): void {
    this.#used = 0;
  }

  #reserve(more: number): void {
    const length = this.#used + more;
    if (length <= this.#bytes.length) return;
    const longer = Buffer.allocUnsafeSlow(Math.max(length, 2 * this.#bytes.length));
    this.#bytes.copy(longer, 0, 0, this.#used);
    this.#bytes = longer;
  }
}
