/** From bytes to batches in the channel: what every source does once it has something to read. */
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Batch } from '../../core/batch.js';
import type { LineCutter } from './line-cutter.js';

/** Takes the batches that reading gives; the reader goes on once it resolves. */
export type Deliver = (batch: Batch) => Promise<void>;

/** The first bytes of a gzip member (RFC 1952, section 2.3.1). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** The same of an open file. */
export async function isGzipFile(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return isGzip(buffer.subarray(0, bytesRead));
}

/**
 * Reads a regular file from where the cutter stands up to `limit`, or until `proceed` says no. After
 * each buffer it calls `progress`. Throws what reading throws.
 */
export async function readRange(
  file: FileHandle,
  cutter: LineCutter,
  limit: number,
  deliver: Deliver,
  proceed: () => boolean,
  progress: () => void = () => {},
): Promise<void> {
  while (cutter.readTo < limit && proceed()) {
    const room = cutter.room;
    const wanted = Math.min(room.length, limit - cutter.readTo);
    const { bytesRead } = await file.read(room, 0, wanted, cutter.readTo);
    if (bytesRead === 0) return;
    for (const batch of cutter.filled(bytesRead)) await deliver(batch);
    progress();
  }
}

/**
 * Pours the chunks of a stream into the cutter, leaving out the first `skip` bytes, until the stream
 * ends or `proceed` says no: then the stream is left as if it had been closed.
 */
export async function readStream(
  chunks: AsyncIterable<Uint8Array>,
  cutter: LineCutter,
  deliver: Deliver,
  proceed: () => boolean,
  skip = 0,
): Promise<void> {
  let toSkip = skip;
  for await (const chunk of chunks) {
    if (!proceed()) return;
    let rest = chunk.subarray(Math.min(toSkip, chunk.length));
    toSkip -= chunk.length - rest.length;
    while (rest.length > 0) {
      const room = cutter.room;
      const part = rest.subarray(0, room.length);
      room.set(part);
      for (const batch of cutter.filled(part.length)) await deliver(batch);
      rest = rest.subarray(part.length);
    }
  }
}

/**
 * Has `read` read what comes out of gzip's bytes. Throws where they are cut or damaged, and where
 * `read` leaves before their end.
 */
export async function readPacked(
  packed: AsyncIterable<Uint8Array>,
  read: (chunks: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const unpack = createGunzip();
  try {
    await pipeline(packed, unpack, read);
  } catch (error) {
    // Padding may follow the last member: then unpacking ends before what is to be unpacked.
    if (!unpack.readableEnded) throw error;
  }
}
