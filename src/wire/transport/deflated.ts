import { Duplex } from 'node:stream';
import { constants, createDeflate, createInflate } from 'node:zlib';

const CHUNK_BYTES = 64 * 1024;

/**
 * A stream whose bytes travel compressed through another: one zlib stream each way, flushed after each
 * write, so that the far end has all of it. What comes is inflated only as far as it is taken, so a
 * little that stands for a lot fills no memory.
 */
export class Deflated extends Duplex {
  readonly #inner: Duplex;
  readonly #inflate = createInflate({
    chunkSize: CHUNK_BYTES,
    // Few senders end their stream before they close the connection; that is no error.
    finishFlush: constants.Z_SYNC_FLUSH,
  });
  readonly #deflate;

  /** `level` is 0 to 9. */
  constructor(inner: Duplex, level: number) {
    super({ allowHalfOpen: true });
    this.#inner = inner;
    this.#deflate = createDeflate({ level, flush: constants.Z_SYNC_FLUSH, chunkSize: CHUNK_BYTES });
    const fail = (error: Error): void => void this.destroy(error);
    this.#inflate.on('data', (chunk: Buffer) => {
      if (!this.push(chunk)) this.#inflate.pause();
    });
    this.#inflate.pause();
    this.#inflate.on('end', () => this.push(null));
    this.#inflate.on('error', fail);
    this.#deflate.on('error', fail);
    inner.on('error', fail);
    inner.on('close', () => this.destroy());
    inner.pipe(this.#inflate);
    this.#deflate.pipe(inner);
  }

  override _read(): void {
    this.#inflate.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, written: () => void): void {
    this.#deflate.write(chunk, encoding, written);
  }

  /** Together: each would else be flushed by itself. */
  override _writev(
    chunks: readonly { readonly chunk: Buffer; readonly encoding: BufferEncoding }[],
    written: () => void,
  ): void {
    this.#deflate.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), written);
  }

  override _final(ended: (error?: Error) => void): void {
    this.#inner.once('finish', () => ended());
    this.#deflate.end();
  }

  override _destroy(error: Error | null, destroyed: (error: Error | null) => void): void {
    this.#inflate.destroy();
    this.#deflate.destroy();
    this.#inner.destroy();
    destroyed(error);
  }
}
