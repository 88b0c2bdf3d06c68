/** The bytes of an open file that is compressed, and what an earlier run had read of them. */
import type { FileHandle } from 'node:fs/promises';
import type { FileMemo } from '../../core/journal.js';
import { readPacked } from '../lines/gzip.js';
import { digest } from './fingerprint.js';

/** What is read at once. */
const PACKED_BYTES = 256 * 1024;

/**
 * The first `limit` bytes as they stand in the file; `onRead` is told of each piece. Not the handle's
 * own stream: that closes the handle when it is left before its end.
 */
export async function* packedBytes(
  handle: FileHandle,
  limit: number,
  onRead?: (bytes: Buffer, at: number) => void,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < limit; ) {
    const length = Math.min(PACKED_BYTES, limit - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    const bytes = buffer.subarray(0, bytesRead);
    onRead?.(bytes, at);
    at += bytesRead;
    yield bytes;
  }
}

interface Check {
  readonly handle: FileHandle;
  /** How many bytes of the file there are. */
  readonly size: number;
  readonly memo: FileMemo;
  readonly proceed: () => boolean;
}

/**
 * Whether the file still holds, decompressed, what was read of it: its position and digest are of the
 * decompressed bytes. Says nothing of use once `proceed` says no. Throws what reading throws, and
 * decompressing before the position.
 */
export async function holdsUnpacked({ handle, size, memo, proceed }: Check): Promise<boolean> {
  const { position, tail } = memo;
  const end: Buffer[] = [];
  let at = 0;
  const isOver = (): boolean => at >= position || !proceed();
  try {
    await readPacked(packedBytes(handle, size), async (chunks) => {
      for await (const chunk of chunks) {
        if (tail) end.push(Buffer.from(overlap(chunk, at, tail.start, position)));
        at += chunk.length;
        if (isOver()) return;
      }
    });
  } catch (error) {
    // A stream that is left before its end fails.
    if (!isOver()) throw error;
  }
  if (at < position) return false;
  return tail === undefined || digest(Buffer.concat(end), tail.start).value === tail.value;
}

/** What of `bytes`, which stand at `at`, lies between two positions. */
function overlap(bytes: Buffer, at: number, from: number, to: number): Buffer {
  return bytes.subarray(Math.max(0, from - at), Math.max(0, to - at));
}
