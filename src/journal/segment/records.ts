/**
 * What stands in a segment, beside its header:
 *
 * - `PANE`: lines of one pane. A segment begins by restating the window that way.
 * - `FILES`: what is remembered of files, a few hundred a record.
 * - `CHANGE`: what was added to one pane since the record before, and what became of files.
 * - `BASE`: what stands before it, together with it, is all that there is to know. A segment without
 *   one was never finished.
 *
 * Lines of one pane may stand in any number of records; they are added up.
 */

import { REJECTIONS, type Rejection } from '../../core/answer.js';
import type { Terms } from '../../core/journal.js';
import type { KeyTable } from '../../core/keys.js';
import type { PaneCounts, WindowMarks } from '../../core/panes.js';
import { type NumberedMemo, packMemo, unpackMemo } from './memos.js';
import type { NamedKeys } from './named-keys.js';
import { MalformedRecord, type RecordReader } from './record-reader.js';
import type { RecordWriter } from './record-writer.js';

export const PANE = 0x50;
export const FILES = 0x46;
export const CHANGE = 0x43;
export const BASE = 0x42;

interface Base {
  readonly terms: Terms;
  readonly marks: WindowMarks;
}

/** What a change says beside the lines that were added. */
interface Note {
  readonly marks: WindowMarks;
  readonly memos: readonly NumberedMemo[];
  /** The numbers of files of which nothing need be remembered any more. */
  readonly dropped: readonly number[];
}

/** Where the keys of the cells are to be found. */
export interface KeySource {
  readonly keys: Pick<KeyTable, 'bytesOf'>;
  /** By key number. */
  readonly entries: Float64Array;
  readonly named: NamedKeys;
}

export function writePane(writer: RecordWriter, pane: PaneCounts, source: KeySource): void {
  writer.begin(PANE);
  writeLines(writer, pane, source);
  writer.end();
}

export function writeFiles(writer: RecordWriter, memos: readonly NumberedMemo[]): void {
  writer.begin(FILES);
  writer.json(memos.map(packMemo));
  writer.end();
}

export function readFiles(reader: RecordReader): NumberedMemo[] {
  return listOf(reader.json()).map(unpackMemo);
}

/** Lines of a pane, and where its keys are to be found. */
interface Lines {
  readonly pane: PaneCounts;
  readonly source: KeySource;
}

/** `added` is what was added, if anything was. */
export function writeChange(
  writer: RecordWriter,
  { marks, memos, dropped }: Note,
  added?: Lines,
): void {
  writer.begin(CHANGE);
  const files = memos.map(packMemo);
  writer.json({ ...packMarks(marks), files, dropped, hasLines: added !== undefined });
  if (added !== undefined) writeLines(writer, added.pane, added.source);
  writer.end();
}

/** What stands before the lines, which are the next to be read if there are any. */
export function readNote(reader: RecordReader): Note & { readonly hasLines: boolean } {
  const { files, dropped, hasLines, ...marks } = reader.json() as PackedNote;
  return {
    marks: unpackMarks(marks),
    memos: listOf(files).map(unpackMemo),
    dropped,
    hasLines,
  };
}

export function writeBase(writer: RecordWriter, { terms, marks }: Base): void {
  writer.begin(BASE);
  writer.json({ ...packMarks(marks), terms });
  writer.end();
}

export function readBase(reader: RecordReader): Base {
  const { terms, ...marks } = reader.json() as PackedBase;
  return { terms, marks: unpackMarks(marks) };
}

/** Lines of a pane as they stand in a record, up to its cells. */
export interface PaneHead {
  readonly end: number;
  readonly counted: number;
  readonly other: number;
  readonly rejected: number;
  /** How many cells follow: entry number, the key if it was not named before, lines. */
  readonly cells: number;
}

export function readPaneHead(reader: RecordReader): PaneHead {
  return {
    end: reader.double(),
    counted: reader.number(),
    other: reader.number(),
    rejected: reader.number(),
    cells: reader.number(),
  };
}

/** One long loop: it runs over all keys of a second. */
function writeLines(
  writer: RecordWriter,
  { end, counted, other, rejected, cells }: PaneCounts,
  { keys, entries, named }: KeySource,
): void {
  writer.double(end);
  writer.number(counted);
  writer.number(other);
  writer.number(rejected);
  writer.number(cells.length / 2);
  for (let at = 0; at < cells.length; at += 2) {
    const key = cells[at];
    const entry = entries[key];
    writer.number(entry);
    if (named.has(key, entry)) {
      writer.number(0);
    } else {
      const bytes = keys.bytesOf(key);
      writer.number(bytes.length + 1);
      writer.raw(bytes);
      named.add(key, entry);
    }
    writer.number(cells[at + 1]);
  }
}

/** Marks as JSON can hold them: the lines rejected by reason, of which the totals follow. */
interface PackedMarks extends Omit<WindowMarks, 'totals'> {
  readonly counted: number;
  readonly rejected: Readonly<Record<string, number>>;
}

type PackedBase = PackedMarks & { readonly terms: Terms };

type PackedNote = PackedMarks & {
  readonly files: unknown;
  readonly dropped: readonly number[];
  readonly hasLines: boolean;
};

function packMarks({ totals, ...marks }: WindowMarks): PackedMarks {
  return { ...marks, counted: totals.counted, rejected: Object.fromEntries(totals.reasons) };
}

function unpackMarks({ moment, began, entered, counted, rejected }: PackedMarks): WindowMarks {
  if (![moment, began, entered, counted].every(Number.isFinite)) {
    throw new MalformedRecord('no numbers where some should be');
  }
  const reasons = new Map<Rejection, number>();
  for (const reason of REJECTIONS) {
    if (rejected[reason] > 0) reasons.set(reason, rejected[reason]);
  }
  const sum = [...reasons.values()].reduce((all, lines) => all + lines, 0);
  const totals = { lines: counted + sum, counted, rejected: sum, reasons };
  return { moment, began, entered, totals };
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new MalformedRecord('no list of files where one should be');
}
