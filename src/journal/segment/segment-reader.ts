/** Reads a segment back, and tells how far it can be trusted. */
import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { LogwinError } from '../../core/errors.js';
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
  const bytes = await readFile(path);
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
  if (start >= bytes.length) return undefined;
  const end = start + bytes.readUInt32LE(at);
  if (end === start || end > bytes.length || !KINDS.includes(bytes[start])) return undefined;
  if (crc32(bytes.subarray(start, end)) !== bytes.readUInt32LE(at + 4)) return undefined;
  return { kind: bytes[start], start: start + 1, end };
}

/** What was torn is the end of the file: a whole record behind it means that something else happened. */
function stateBehind(bytes: Buffer, from: number): SegmentContent['state'] {
  if (from === bytes.length) return 'whole';
  for (let at = from + 1; at < bytes.length - FRAME; at += 1) {
    if (frameAt(bytes, at) !== undefined) return 'damaged';
  }
  return 'torn';
}
