/** What a segment says, put together. */
import type { Terms } from '../../core/journal.js';
import type { WindowMarks } from '../../core/panes.js';
import type { NumberedMemo } from '../segment/memos.js';
import { MalformedRecord, type RecordReader } from '../segment/record-reader.js';
import { BASE, CHANGE, FILES, PANE, readBase, readFiles, readNote } from '../segment/records.js';
import { readerOf, type SegmentContent } from '../segment/segment-reader.js';
import { RestoredCounts } from './restored-counts.js';

export interface RestoredState {
  readonly terms: Terms;
  readonly marks: WindowMarks;
  readonly memos: readonly NumberedMemo[];
  readonly counts: RestoredCounts;
}

/** Throws a `MalformedRecord` for a segment that nobody finished, or that is none. */
export function restoredState(content: SegmentContent): RestoredState {
  const counts = new RestoredCounts(content.bytes);
  const files = new Map<number, NumberedMemo>();
  let terms: Terms | undefined;
  let marks: WindowMarks | undefined;
  for (const frame of content.frames) {
    const reader = readerOf(content, frame);
    switch (frame.kind) {
      case PANE:
        counts.take(reader);
        break;
      case FILES:
        for (const memo of readFiles(reader)) files.set(memo[0], memo);
        break;
      case CHANGE:
        marks = takeChange(reader, counts, files);
        break;
      case BASE:
        ({ terms, marks } = readBase(reader));
    }
  }
  if (terms === undefined || marks === undefined) throw new MalformedRecord('it has no base');
  return { terms, marks, memos: [...files.values()], counts };
}

function takeChange(
  reader: RecordReader,
  counts: RestoredCounts,
  files: Map<number, NumberedMemo>,
): WindowMarks {
  const { marks, memos, dropped, hasLines } = readNote(reader);
  for (const memo of memos) files.set(memo[0], memo);
  for (const number of dropped) files.delete(number);
  if (hasLines) counts.take(reader);
  return marks;
}
