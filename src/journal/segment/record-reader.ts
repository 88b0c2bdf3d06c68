/** Reads the content of one record; see `record-writer.ts` for its form. */

/** Thrown for content that is not of the form expected, although its checksum is right. */
export class MalformedRecord extends Error {}

export class RecordReader {
  readonly #bytes: Buffer;
  readonly #end: number;
  #at: number;

  /** Reads from `start` up to `end`. */
  constructor(bytes: Buffer, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next value begins. */
  get at(): number {
    return this.#at;
  }

  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.#bytes[this.#advance(1)];
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#advance(8));
  }

  /** A view of so many bytes. */
  raw(length: number): Buffer {
    const at = this.#advance(length);
    return this.#bytes.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#advance(length);
  }

  json(): unknown {
    const text = this.raw(this.number());
    try {
      return JSON.parse(text.toString());
    } catch {
      throw new MalformedRecord('no JSON where some should be');
    }
  }

  /** Gives where it was. */
  #advance(length: number): number {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#end) throw new MalformedRecord('a record ends too soon');
    return from;
  }
}
