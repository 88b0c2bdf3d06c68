/** Makes records of what was added, and restates everything where a segment begins. */

import type { Origin } from '../core/batch.js';
import type { Terms } from '../core/journal.js';
import type { KeyTable } from '../core/keys.js';
import type { PaneCounts } from '../core/panes.js';
import type { WindowCounts } from '../core/stages.js';
import type { KnownFiles } from './known-files.js';
import { NamedKeys } from './segment/named-keys.js';
import { RecordWriter } from './segment/record-writer.js';
import {
  type KeySource,
  writeBase,
  writeChange,
  writeFiles,
  writePane,
} from './segment/records.js';

/** When so much has come together, a record is due: one of this takes a millisecond or a few. */
const MOST_CELLS = 8192;
const MOST_FILES = 500;

/** Up to where the lines of each origin are covered. */
export type Coverage = ReadonlyMap<Origin, number>;

export interface Records {
  readonly bytes: Buffer;
  /** What is durable once the bytes are. */
  readonly covered: Coverage;
}

interface RecorderOptions {
  readonly window: WindowCounts;
  readonly keys: KeyTable;
  readonly files: KnownFiles;
  readonly terms: Terms;
}

export class Recorder {
  readonly #window: WindowCounts;
  readonly #keys: KeyTable;
  readonly #files: KnownFiles;
  readonly #terms: Terms;
  readonly #records = new RecordWriter();
  readonly #named = new NamedKeys();
  /** Not before everything was restated, of which a change is a change. */
  #isRecording = false;
  /** Lines that no record covers, by origin: up to where. */
  readonly #unrecorded = new Map<Origin, number>();
  /** Those that the next write covers. */
  #recorded = new Map<Origin, number>();
  readonly #changed = new Set<Origin>();
  #dropped: number[] = [];

  constructor({ window, keys, files, terms }: RecorderOptions) {
    this.#window = window;
    this.#keys = keys;
    this.#files = files;
    this.#terms = terms;
  }

  added(origin: Origin, end: number): void {
    this.#unrecorded.set(origin, end);
  }

  changed(origin: Origin): void {
    this.#changed.add(origin);
  }

  /** Whether so much has come together that a record should be made now. */
  get isDue(): boolean {
    const files = Math.max(this.#unrecorded.size, this.#changed.size);
    return this.#window.changed >= MOST_CELLS || files >= MOST_FILES;
  }

  /** The files with these numbers need not be remembered any more. */
  dropped(numbers: readonly number[]): void {
    this.#dropped.push(...numbers);
  }

  /** Whether changes are recorded; if not, everything has to be restated. */
  get isRecording(): boolean {
    return this.#isRecording;
  }

  /** Whether there are lines that no durable record covers. */
  get hasUncovered(): boolean {
    return this.#recorded.size + this.#unrecorded.size > 0;
  }

  /** How many bytes of records wait to be written. */
  get waiting(): number {
    return this.#records.length;
  }

  /** Makes a record of what there is none of yet; `always` also where that is nothing but the time. */
  record(always = false): void {
    const pane = this.#window.takeChange();
    const dropped = this.#dropped;
    const origins = new Set([...this.#unrecorded.keys(), ...this.#changed]);
    this.#cover();
    if (!this.#isRecording) return;
    const isEmpty = pane === undefined && origins.size === 0 && dropped.length === 0;
    if (isEmpty && !always) return;
    const memos = [...origins].map((origin) => this.#files.note(origin));
    const note = {
      marks: this.#window.marks(),
      memos: memos.filter((memo) => memo !== undefined),
      dropped,
    };
    writeChange(this.#records, note, pane && { pane, source: this.#keySource() });
  }

  /** All records that wait. */
  take(): Records {
    const covered = this.#recorded;
    this.#recorded = new Map();
    return { bytes: this.#records.take(), covered };
  }

  /** Gives up the records that wait: from here on nothing is recorded until all is restated. */
  stop(): void {
    this.#isRecording = false;
    this.#records.clear();
  }

  /** What was taken could not be written: from here on nothing is recorded until all is restated. */
  abandon(taken: Coverage): void {
    this.stop();
    this.#recorded = new Map([...taken, ...this.#recorded]);
  }

  /**
   * Has everything that is known stand among the records, step by step; what changes between the steps
   * does as well. The segment is complete with `conclude`.
   */
  *restate(): Generator<void> {
    this.#records.clear();
    this.#named.clear();
    this.#window.takeChange();
    this.#cover();
    this.#isRecording = true;
    for (const pane of this.#window.panes()) yield* this.#restatePane(pane);
    for (const memos of this.#files.all(MOST_FILES)) {
      writeFiles(this.#records, memos);
      yield;
    }
  }

  conclude(): void {
    this.record();
    const marks = this.#window.marks();
    writeBase(this.#records, { terms: this.#terms, marks });
  }

  /** A pane that leaves the window meanwhile is left out, for its keys may be others by then. */
  *#restatePane({ cells, ...sums }: PaneCounts): Generator<void> {
    const none = { counted: 0, other: 0, rejected: 0 };
    for (let from = 0; from === 0 || from < cells.length; from += 2 * MOST_CELLS) {
      if (sums.end <= this.#window.cutoff) return;
      const part = { ...sums, ...(from > 0 ? none : {}) };
      const some = cells.subarray(from, from + 2 * MOST_CELLS);
      writePane(this.#records, { ...part, cells: some }, this.#keySource());
      yield;
    }
  }

  /** What was added or changed until now is covered by what is recorded next, or restated. */
  #cover(): void {
    for (const [origin, end] of this.#unrecorded) this.#recorded.set(origin, end);
    // Where nothing is recorded now, it is restated, and that has the files that are known.
    for (const origin of [...this.#unrecorded.keys(), ...this.#changed]) this.#files.keep(origin);
    this.#unrecorded.clear();
    this.#changed.clear();
    this.#dropped = [];
  }

  #keySource(): KeySource {
    return { keys: this.#keys, entries: this.#window.entries, named: this.#named };
  }
}
