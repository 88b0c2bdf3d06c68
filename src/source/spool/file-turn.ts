/**
 * One file's turn to be read: from where reading stopped up to the size that it has now, so that a
 * file that keeps growing does not keep the others waiting.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Batch } from '../../core/batch.js';
import type { Cutting, Deliver } from '../lines/cutting.js';
import { readPieces } from '../lines/file-reading.js';
import { isGzip, readPacked } from '../lines/gzip.js';
import { LineCutter } from '../lines/line-cutter.js';
import { readingOf } from '../lines/read-ahead.js';
import { readStream } from '../lines/stream-reading.js';
import type { SpooledFile } from './spooled-file.js';

/** Of a compressed file, what is read at once. */
const PACKED_BYTES = 256 * 1024;

interface Turn {
  readonly file: SpooledFile;
  readonly cutting: Cutting;
  readonly deliver: Deliver;
  readonly proceed: () => boolean;
  /** The file is complete: its last line counts, whether it has a line end or not. */
  readonly complete: boolean;
}

/** Reads an open file. Throws what reading, or decompressing, throws. */
export async function readTurn(turn: Turn): Promise<void> {
  const { file, complete } = turn;
  const { handle } = file;
  if (handle === undefined) return;
  // Until something of it was read, it may become another file under our eyes.
  if (!file.isBegun) file.compressed = isGzip(await file.fingerprint.begin(handle));
  if (!file.compressed) await readPlain(turn, handle);
  else if (complete && file.readTo !== file.size) await readCompressed(turn, handle);
  await file.fingerprint.seal(handle, file.compressed ? file.readTo : file.resumption.scannedTo);
}

async function readPlain(turn: Turn, handle: FileHandle): Promise<void> {
  const { file, cutting, complete, proceed } = turn;
  const cutter = new LineCutter(file, cutting.maxLine, file.resumption);
  const limit = file.size;
  const deliver = (batch: Batch): Promise<void> => {
    if (batch.kind === 'lines') file.fingerprint.extend(batch.bytes, batch.start);
    return turn.deliver(batch);
  };
  const progress = (): void => {
    file.resumption = cutter.resumption;
    file.readTo = cutter.readTo;
  };
  const readAt = readingOf(handle);
  await readPieces({ readAt, cutter, cutting, limit, deliver, proceed, progress });
  if (!complete || cutter.readTo !== limit) return;
  for (const batch of cutter.end()) {
    file.openEnd = true;
    file.resumption = cutter.resumption;
    await deliver(batch);
  }
}

/** Decompresses the whole file and leaves out what was given before. */
async function readCompressed(turn: Turn, handle: FileHandle): Promise<void> {
  const { file, cutting, proceed } = turn;
  const limit = file.size;
  const { position } = file.resumption;
  const cutter = new LineCutter(file, cutting.maxLine, { position, scannedTo: position });
  const deliver = (batch: Batch): Promise<void> => {
    file.resumption = { position: batch.end, scannedTo: batch.end };
    return turn.deliver(batch);
  };
  try {
    await readPacked(packedBytes(file, handle, limit), (chunks) =>
      readStream({ chunks, cutter, cutting, deliver, proceed, skip: position }),
    );
    for (const batch of cutter.end()) await deliver(batch);
    file.readTo = limit;
  } catch (error) {
    // A stream that is left before its end fails, but there is nothing wrong with the file.
    if (proceed()) throw error;
  }
}

/** Not the handle's own stream: that closes the handle when it is left before its end. */
async function* packedBytes(
  file: SpooledFile,
  handle: FileHandle,
  limit: number,
): AsyncGenerator<Buffer> {
  for (let at = 0; at < limit; ) {
    const length = Math.min(PACKED_BYTES, limit - at);
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(length), 0, length, at);
    if (bytesRead === 0) return;
    const bytes = buffer.subarray(0, bytesRead);
    file.fingerprint.extend(bytes, at);
    at += bytesRead;
    yield bytes;
  }
}
