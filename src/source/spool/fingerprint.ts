/**
 * Tells whether the bytes of a file before a position are still those that were read.
 *
 * Device, inode and time of birth do not: `cp` over a file keeps all three. So a digest of the first
 * KiB (or of what there was, its length kept) and one of the last KiB before the position are kept
 * and compared when reading goes on.
 */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '../../core/journal.js';

const SPAN = 1024;

export class Fingerprint {
  #head: Digest | undefined;
  #tail: Digest | undefined;
  #recent: Buffer = Buffer.alloc(0);
  #position = 0;

  /** Of the first bytes; undefined before reading has begun. */
  get head(): Digest | undefined {
    return this.#head;
  }

  /** An earlier run had read so far. */
  restore(head: Digest | undefined, tail: Digest | undefined): void {
    this.#head = head;
    this.#tail = tail;
  }

  /** Reading begins; resolves to the first bytes of the file. Throws what reading throws. */
  async begin(file: FileHandle): Promise<Buffer> {
    const head = await readBytes(file, 0, SPAN);
    this.#head = digest(head, 0);
    return head;
  }

  /** Whether these bytes, which stand at `start`, begin as the file did when reading began. */
  agrees(bytes: Uint8Array, start: number): boolean {
    if (start > 0 || this.#head === undefined) return true;
    const { length, value } = this.#head;
    return bytes.length < length || digest(bytes.subarray(0, length), 0).value === value;
  }

  /** `bytes` were read from the file and stand at `start`; called in order, gaps are allowed. */
  extend(bytes: Uint8Array, start: number): void {
    const before = start === this.#position ? this.#recent : new Uint8Array();
    this.#recent = lastBytes(before, bytes);
    this.#position = start + bytes.length;
  }

  /**
   * Reading pauses at `end`: the bytes themselves are let go, only their digests stay. Of a line that
   * is too long nobody kept any bytes; they are read once more.
   */
  async seal(file: FileHandle, end: number): Promise<void> {
    if (this.#position !== end) {
      const start = Math.max(0, end - SPAN);
      this.extend(await readBytes(file, start, end - start), start);
    }
    if (this.#recent.length === 0) return;
    this.#tail = digest(this.#recent, this.#position - this.#recent.length);
    this.#recent = Buffer.alloc(0);
  }

  /** Whether the file still holds what was read. Throws what reading throws. */
  async matches(file: FileHandle): Promise<boolean> {
    return (await holds(file, this.#head)) && (await holds(file, this.#tail));
  }
}

/** A copy of the last bytes of `before` and `bytes` together: as many as are compared. */
export function lastBytes(before: Uint8Array, bytes: Uint8Array): Buffer {
  const last = bytes.subarray(Math.max(0, bytes.length - SPAN));
  const missing = SPAN - last.length;
  return Buffer.concat([before.subarray(Math.max(0, before.length - missing)), last]);
}

export function digest(bytes: Uint8Array, start: number): Digest {
  return { start, length: bytes.length, value: createHash('sha1').update(bytes).digest('base64') };
}

async function holds(file: FileHandle, expected: Digest | undefined): Promise<boolean> {
  if (expected === undefined) return true;
  const { start, length, value } = expected;
  const bytes = await readBytes(file, start, length);
  return bytes.length === length && digest(bytes, start).value === value;
}

async function readBytes(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, start);
  return buffer.subarray(0, bytesRead);
}
