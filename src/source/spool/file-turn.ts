/**
 * One file's turn to be read: from where reading stopped up to the size that it has now, so that a
 * file that keeps growing does not keep the others waiting.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Batch } from '../../core/batch.js';
import { systemError } from '../../core/errors.js';
import type { Cutting, Deliver } from '../lines/cutting.js';
import { readPieces } from '../lines/file-reading.js';
import { readPacked } from '../lines/gzip.js';
import { LineCutter } from '../lines/line-cutter.js';
import { readingOf } from '../lines/read-ahead.js';
import { readStream } from '../lines/stream-reading.js';
import { packedBytes } from './packed-bytes.js';
import type { SpooledFile } from './spooled-file.js';

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
  if (!file.compressed) await readPlain(turn, handle);
  else if (complete && file.readTo !== file.size) await readCompressed(turn, handle);
  await file.fingerprint.seal(handle, file.compressed ? file.readTo : file.resumption.scannedTo);
}

async function readPlain(turn: Turn, handle: FileHandle): Promise<void> {
  const { file, cutting, complete, proceed } = turn;
  const cutter = new LineCutter(file, cutting.maxLine, file.resumption);
  const limit = file.size;
  const deliver = (batch: Batch): Promise<void> => {
    if (batch.kind === 'lines') {
      if (!file.fingerprint.agrees(batch.bytes, batch.start)) throw anewError();
      file.fingerprint.extend(batch.bytes, batch.start);
    }
    // Before it may be acknowledged, which then is all that was given.
    file.resumption = { position: batch.end, scannedTo: batch.end };
    return turn.deliver(batch);
  };
  const progress = (): void => {
    file.resumption = cutter.resumption;
    file.readTo = cutter.readTo;
  };
  const readAt = readingOf(handle);
  await readPieces({ readAt, cutter, cutting, limit, deliver, proceed, progress });
  if (!complete || cutter.readTo !== limit) return;
  await giveEnd(file, cutter, deliver);
}

/** Nothing of it was given yet: it is looked at anew, and read then. */
function anewError(): Error {
  return systemError('EAGAIN', 'it was written anew as it was opened');
}

/** The last line, where it has no line end. */
async function giveEnd(file: SpooledFile, cutter: LineCutter, deliver: Deliver): Promise<void> {
  for (const batch of cutter.end()) {
    file.openEndAt = batch.end;
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
  const packed = packedBytes(handle, limit, (bytes, at) => file.fingerprint.extend(bytes, at));
  try {
    await readPacked(packed, (chunks) =>
      readStream({ chunks, cutter, cutting, deliver, proceed, skip: position }),
    );
    await giveEnd(file, cutter, deliver);
    file.readTo = limit;
  } catch (error) {
    // A stream that is left before its end fails, but there is nothing wrong with the file.
    if (proceed()) throw error;
  }
}
