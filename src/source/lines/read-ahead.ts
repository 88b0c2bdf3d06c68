/**
 * Reads a file piece by piece, ahead of whoever takes the pieces: several consecutive ranges at a
 * time, each into a buffer of its own.
 *
 * Nobody waits for ever. All buffers may be out: with batches that were put, or wait to be put, into
 * the channel; and with reads under way, here or for other files. The channel is emptied in any case,
 * and whoever empties it needs no buffer, so puts end and batches are added, which frees their
 * buffers. Reads end by themselves, and what they read is put, or dropped. What remains is who waits
 * for a buffer, and he must hold none: therefore only the first read waits, when none is under way,
 * and further ones take what is free.
 */
import { read } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import type { Cutting } from './cutting.js';

/** As many as libuv has threads. */
const MOST_UNDER_WAY = 4;

/** Reads what is at `position`, as much as fits. Resolves to how much that was; 0 is the end. */
export type ReadAt = (into: Buffer, position: number) => Promise<number>;

/** Reads an open file, which must stay open. (`FileHandle.read` costs a good deal more.) */
export function readingOf(file: FileHandle): ReadAt {
  return (into, position) =>
    new Promise((resolve, reject) => {
      read(file.fd, into, 0, into.length, position, (error, count) => {
        if (error) reject(error);
        else resolve(count);
      });
    });
}

/** What was read. Whoever gets it owns the buffer: it is to be released, or to leave with a batch. */
export interface Piece {
  readonly buffer: Buffer;
  /** In the buffer, with `Cutting.front` bytes free before them. At least one. */
  readonly bytes: Buffer;
}

interface UnderWay {
  readonly buffer: Buffer;
  readonly into: Buffer;
  readonly position: number;
  readonly count: Promise<number>;
}

export class ReadAhead {
  readonly #readAt: ReadAt;
  readonly #cutting: Cutting;
  readonly #limit: number;
  /** In the order of their positions, without gaps. */
  readonly #underWay: UnderWay[] = [];
  /** Where the next read begins. */
  #position: number;
  /** One until a read was full: a short file is not read in vain beyond its end. */
  #most = 1;

  /** Reads from `position` up to `limit`. */
  constructor(readAt: ReadAt, cutting: Cutting, position: number, limit: number) {
    this.#readAt = readAt;
    this.#cutting = cutting;
    this.#position = position;
    this.#limit = limit;
  }

  /** The next piece, or undefined at the end. Before the limit. Throws what reading throws. */
  async next(): Promise<Piece | undefined> {
    if (this.#underWay.length === 0) this.#begin(await this.#cutting.buffers.acquire());
    this.#beginMore();
    const [{ buffer, into, position, count }] = this.#underWay;
    const got = await count;
    this.#underWay.shift();
    this.#most = MOST_UNDER_WAY;
    if (got < into.length) {
      // The file ends here, or did when this was read: what is under way is behind a gap.
      await this.drop();
      this.#position = position + got;
      this.#most = 1;
    }
    if (got > 0) return { buffer, bytes: into.subarray(0, got) };
    this.#cutting.buffers.release(buffer);
    return undefined;
  }

  /** Waits for the reads that are under way, and forgets them: after this the file may be closed. */
  async drop(): Promise<void> {
    for (const { buffer, count } of this.#underWay) {
      await count.catch(() => {});
      this.#cutting.buffers.release(buffer);
    }
    this.#underWay.length = 0;
  }

  #beginMore(): void {
    while (this.#underWay.length < this.#most && this.#position < this.#limit) {
      const buffer = this.#cutting.buffers.tryAcquire();
      if (buffer === undefined) return;
      this.#begin(buffer);
    }
  }

  #begin(buffer: Buffer): void {
    const { front, readBytes } = this.#cutting;
    const position = this.#position;
    const length = Math.min(readBytes, this.#limit - position);
    const into = buffer.subarray(front, front + length);
    const count = this.#readAt(into, position);
    // Whether it failed is asked when its turn comes.
    count.catch(() => {});
    this.#underWay.push({ buffer, into, position, count });
    this.#position += length;
  }
}
