/** Reads a segment back, and tells how far it can be trusted. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { LogwinError, systemCode } from '../../core/errors.js';
import { RecordReader } from './record-reader.js';
import { FRAME } from './record-writer.js';
import { BASE, CHANGE, FILES, PANE } from './records.js';
import { VERSION } from './segment.js';

/** One record: `[start, end)` of the segment is its content without the kind. */
export interface Frame {
  readonly kind: number;
  readonly start: number;
  readonly end: number;
}

export interface SegmentContent {
  readonly bytes: Buffer;
  /** The records in their order, up to the first that is none. */
  readonly frames: readonly Frame[];
  /** The bytes behind them. */
  readonly rest: number;
  /**
   * - `whole`: nothing is behind them
   * - `torn`: the last write was cut short, as happens when a process or the power dies
   * - `damaged`: something else
   */
  readonly state: 'whole' | 'torn' | 'damaged';
}

const HEADER = /^logwin journal (\d+)\n/;
const LONGEST_HEADER = 64;
const KINDS: readonly number[] = [PANE, FILES, CHANGE, BASE];

/**
 * Rejects with what the system says, and with a `LogwinError` for a segment that a later version
 * wrote.
 */
export async function readSegment(path: string): Promise<SegmentContent> {
  const bytes = await readWhole(path);
  const header = HEADER.exec(bytes.toString('latin1', 0, LONGEST_HEADER));
  if (header === null) return { bytes, frames: [], rest: bytes.length, state: 'damaged' };
  if (Number(header[1]) !== VERSION) throw otherVersion(path, header[1]);
  const frames: Frame[] = [];
  let at = header[0].length;
  for (let frame = frameAt(bytes, at); frame; frame = frameAt(bytes, at)) {
    frames.push(frame);
    at = frame.end;
  }
  return { bytes, frames, rest: bytes.length - at, state: stateBehind(bytes, at) };
}

/** Longer than any that is written with bounds that fit into memory. */
const LONGEST_SEGMENT = 2 ** 31 - 1;

/** Nothing where the name is not that of a file: whoever may write here may have put a FIFO or a link. */
async function readWhole(path: string): Promise<Buffer> {
  const handle = await openSegment(path);
  if (handle === undefined) return Buffer.alloc(0);
  try {
    const stats = await handle.stat();
    const isReadable = stats.isFile() && stats.size <= LONGEST_SEGMENT;
    return isReadable ? await handle.readFile() : Buffer.alloc(0);
  } finally {
    await handle.close();
  }
}

async function openSegment(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if (['ELOOP', 'ENXIO', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

export function readerOf({ bytes }: SegmentContent, { start, end }: Frame): RecordReader {
  return new RecordReader(bytes, start, end);
}

function otherVersion(path: string, version: string): LogwinError {
  const message = `the journal ${path} is of version ${version}, and this program knows ${VERSION}`;
  const remedy = 'run the version that wrote it, or name another directory with --state';
  return new LogwinError('source-unusable', message, remedy);
}

/** The record at this place, or undefined where there is none that is whole. */
function frameAt(bytes: Buffer, at: number): Frame | undefined {
  const start = at + FRAME;
  const end = start + lengthAt(bytes, at);
  if (end === start) return undefined;
  if (crc32(bytes.subarray(start, end)) !== bytes.readUInt32LE(at + 4)) return undefined;
  return { kind: bytes[start], start: start + 1, end };
}

/** How long the content of a record would be that stands at this place; 0 where none can. */
function lengthAt(bytes: Buffer, at: number): number {
  const start = at + FRAME;
  if (start >= bytes.length || !KINDS.includes(bytes[start])) return 0;
  const length = bytes.readUInt32LE(at);
  return start + length <= bytes.length ? length : 0;
}

/** Of what may be records behind one that is none, how much is looked at, in bytes. */
const MOST_LOOKED_AT = 64 * 1024 * 1024;

/**
 * What was torn is the end of the file: a whole record behind it means that something else happened.
 * Keys are a stranger's, and could look like the beginnings of very many very long records.
 */
function stateBehind(bytes: Buffer, from: number): SegmentContent['state'] {
  if (from === bytes.length) return 'whole';
  let left = MOST_LOOKED_AT;
  for (let at = from + 1; at < bytes.length - FRAME; at += 1) {
    left -= lengthAt(bytes, at);
    if (left < 0 || frameAt(bytes, at) !== undefined) return 'damaged';
  }
  return 'torn';
}
