/** Finds what the run before left in the state directory. */
import { LogwinError, messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { MalformedRecord } from '../segment/record-reader.js';
import { listSegments, segmentPath } from '../segment/segment-files.js';
import { readSegment, type SegmentContent } from '../segment/segment-reader.js';
import type { FoundSegments } from '../segments.js';
import { type RestoredState, restoredState } from './restored-state.js';

const TORN = 'The last record of the journal was not written to its end; it is left out.';
const DAMAGED = 'A segment of the journal is damaged; what stands behind the damage is lost.';
const LOST =
  'The journal holds nothing to begin from; files are read from their beginning, and what was counted before is lost.';

export interface FoundJournal extends FoundSegments {
  /** Undefined where there is nothing to begin from. */
  readonly state: RestoredState | undefined;
  /** The segment that says so, and how much of it can be believed, in bytes. */
  readonly latest?: { readonly path: string; readonly length: number };
}

/**
 * Takes the latest segment: the others are what it replaced. Only where it holds nothing to begin from
 * the one before is taken, if that is still there. Whatever is wrong with any of them goes to the log.
 * Rejects with a `LogwinError` for a directory or a segment that cannot be read.
 */
export async function readJournal(directory: string, log: Logger): Promise<FoundJournal> {
  const segments = await orUnusable(directory, listSegments(directory));
  const damaged: number[] = [];
  for (const number of segments) {
    const path = segmentPath(directory, number);
    const content = await orUnusable(directory, readSegment(path));
    const state = stateOf(content);
    if (state === undefined || content.state === 'damaged') {
      damaged.push(number);
      log.error(DAMAGED, { file: path, bytes: content.bytes.length, lostBytes: content.rest });
    } else if (content.state === 'torn') {
      log.info(TORN, { file: path, bytes: content.rest });
    }
    const latest = { path, length: content.bytes.length - content.rest };
    if (state !== undefined) return { state, latest, segments, damaged };
  }
  if (segments.length > 0) log.error(LOST, { directory });
  return { state: undefined, segments, damaged };
}

/** Its checksums may be right and its content not: it was written by somebody else then. */
function stateOf(content: SegmentContent): RestoredState | undefined {
  try {
    return restoredState(content);
  } catch (error) {
    const isContent = [MalformedRecord, TypeError, RangeError].some(
      (kind) => error instanceof kind,
    );
    if (isContent) return undefined;
    throw error;
  }
}

async function orUnusable<T>(directory: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    throw unusable(directory, error);
  }
}

/** The directory cannot hold a journal. */
export function unusable(directory: string, error: unknown): LogwinError {
  return new LogwinError(
    'source-unusable',
    `no journal can be kept in ${directory}: ${messageOf(error)}`,
    'name another directory with --state, or do without one: --no-state',
  );
}
