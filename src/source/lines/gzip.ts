/** What is compressed with gzip. */
import type { FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

/** What is unpacked at once, at most: the 16 KiB that Node gives take half as long again. */
const CHUNK_BYTES = 256 * 1024;

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
 * Has `read` read what comes out of gzip's bytes. Throws where they are cut or damaged, and where
 * `read` leaves before their end.
 */
export async function readPacked(
  packed: AsyncIterable<Uint8Array>,
  read: (chunks: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const unpack = createGunzip({ chunkSize: CHUNK_BYTES });
  try {
    await pipeline(packed, unpack, read);
  } catch (error) {
    // Padding may follow the last member: then unpacking ends before what is to be unpacked.
    if (!unpack.readableEnded) throw error;
  }
}
