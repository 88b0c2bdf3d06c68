/** Avro's binary encoding, read by hand: numbers, lengths and the blocks of arrays and maps. */
import { MalformedError } from '../malformed.js';

/** A long has 64 bits, seven a byte. */
const LAST_SHIFT = 63;

/**
 * A place in bytes that a stranger sent. Whatever it gives lies within them; anything else is a
 * {@link MalformedError}. No number beyond 32 bits is taken, for none of ours can be so large.
 */
export class BinaryReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes;
    this.at = at;
    this.#end = bytes.length;
  }

  get left(): number {
    return this.#end - this.at;
  }

  byte(): number {
    if (this.at >= this.#end) throw cut();
    return this.bytes[this.at++];
  }

  /** An int or a long: zigzag, seven bits a byte, the lowest first. */
  long(): number {
    const { bytes } = this;
    let at = this.at;
    if (at >= this.#end) throw cut();
    let byte = bytes[at++];
    if (byte < 0x80) {
      this.at = at;
      return (byte >>> 1) ^ -(byte & 1);
    }
    let bits = byte & 0x7f;
    for (let shift = 7; byte >= 0x80; shift += 7) {
      if (at >= this.#end) throw cut();
      if (shift > LAST_SHIFT) throw new MalformedError('a number has more than ten bytes');
      byte = bytes[at++];
      if (shift < 28) bits |= (byte & 0x7f) << shift;
      else if ((byte & (shift === 28 ? 0x70 : 0x7f)) !== 0)
        throw new MalformedError('a number is too large');
      else if (shift === 28) bits |= byte << 28;
    }
    this.at = at;
    return (bits >>> 1) ^ -(bits & 1);
  }

  /** A length, of which so many bytes follow. */
  length(): number {
    const length = this.long();
    if (length < 0) throw new MalformedError('a length is negative');
    if (length > this.#end - this.at) throw cut();
    return length;
  }

  /** Goes past a string or bytes. */
  skip(): void {
    const length = this.length();
    this.at += length;
  }

  /** So many bytes, as a view. */
  take(length: number): Uint8Array {
    if (length > this.left) throw cut();
    const from = this.at;
    this.at += length;
    return this.bytes.subarray(from, this.at);
  }

  /** Bytes, as a view. */
  blob(): Uint8Array {
    return this.take(this.length());
  }

  /** A string; what is not UTF-8 becomes U+FFFD. */
  string(): string {
    const { buffer, byteOffset, length } = this.blob();
    return Buffer.from(buffer, byteOffset, length).toString();
  }

  /**
   * How many items the block of an array or map has that begins here, 0 at the end. `least` is what an
   * item takes at least, so a count is never more than what came.
   */
  block(least: number): number {
    let count = this.long();
    if (count < 0) {
      count = -count;
      // The size in bytes, for those who skip the block.
      this.length();
    }
    if (count * least > this.left) throw cut();
    return count;
  }

  /** Goes past a map of strings or bytes. */
  skipMap(): void {
    for (let count = this.block(2); count > 0; count = this.block(2)) {
      for (let i = 0; i < count; i++) {
        this.skip();
        this.skip();
      }
    }
  }

  /** Nothing may follow. */
  finish(): void {
    if (this.at !== this.#end) throw new MalformedError('more bytes follow than belong to it');
  }
}

function cut(): MalformedError {
  return new MalformedError('it ends before it should');
}
