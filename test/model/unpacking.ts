/**
 * Unpacking at once, in place of that on other threads, of which nobody could say when it is done: a
 * seed is to give the same case each time.
 */
import { Transform, type TransformCallback } from 'node:stream';
import type * as zlib from 'node:zlib';

/** What is given at once: several batches for a larger file. */
const CHUNK_BYTES = 8192;

/** In place of `node:zlib`. */
export function unpackingOf(original: typeof zlib): object {
  return { ...original, createGunzip: () => new Unpacking(original) };
}

class Unpacking extends Transform {
  readonly #zlib: typeof zlib;
  readonly #packed: Buffer[] = [];

  constructor(original: typeof zlib) {
    super();
    this.#zlib = original;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.#packed.push(chunk);
    done();
  }

  override _flush(done: TransformCallback): void {
    const { constants, gunzipSync } = this.#zlib;
    const packed = Buffer.concat(this.#packed);
    try {
      // What there is of a file that was cut, and only then what is wrong.
      const bytes = gunzipSync(packed, { finishFlush: constants.Z_SYNC_FLUSH });
      for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
        this.push(bytes.subarray(at, at + CHUNK_BYTES));
      }
      gunzipSync(packed);
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }
}
