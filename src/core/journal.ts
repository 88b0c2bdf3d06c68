/**
 * The contract of the journal, which makes counts and positions outlive the process. It stands
 * between the window and the sources: a line counts in the window at once, but its position is
 * acknowledged only when the record that covers it is durable.
 */
import type { Batch, Origin } from './batch.js';
import type { KeyTable } from './keys.js';
import type { WindowCounts } from './stages.js';

/**
 * A file that is finished, or not where it was, is remembered for so long: it may be appended to, or
 * come back. Milliseconds; docs/architecture.md, promise 2.
 */
export const GRACE = 60_000;

/** What tells whether bytes are those that were read: SHA-1, in base64, of so many from `start` on. */
export interface Digest {
  readonly start: number;
  readonly length: number;
  readonly value: string;
}

/** What tells a file from others: see docs/architecture.md, promise 3. */
export interface Identity {
  readonly device: bigint;
  readonly inode: bigint;
  /** Time of birth, in nanoseconds. */
  readonly born: bigint;
}

/** What is remembered of a file over a restart. */
export interface FileMemo {
  /** The spool directory: absolute, no part of it a link. */
  readonly directory: string;
  /** Relative to the directory; of a retired file its new one. */
  readonly path: string;
  readonly identity: Identity;
  /** All lines before this are in the window, or were. A position as in `Batch`. */
  readonly position: number;
  /** How many lines that was. */
  readonly lines: number;
  /** Of the file's first bytes. */
  readonly head: Digest | undefined;
  /** Of the bytes before `position`, in its coordinates; undefined where nobody kept them. */
  readonly tail: Digest | undefined;
  readonly compressed: boolean;
  /** The last line before `position` has no line end. */
  readonly openEnd: boolean;
  /** Under `--after keep`: the size at which the file was said to be finished; else -1. */
  readonly keptTo: number;
  /**
   * When it was retired (wall clock, milliseconds), once that is durable; undefined for a file that
   * is yet to be.
   */
  readonly retiredAt: number | undefined;
  /** It was deleted, or moved where we do not look: `path` leads to it no more. */
  readonly gone: boolean;
}

/**
 * What counts depend on, by the name of the option: those of a run that was asked for otherwise are left
 * out. Positions do not depend on it. Empty where nothing is counted.
 */
export type Terms = Readonly<Record<string, string>>;

/** What sources ask of the journal. */
export interface FileMemory {
  /** Whether what is said here is kept. If not, nothing that is done for that alone need be done. */
  readonly isKept: boolean;
  /**
   * What an earlier run remembered of this file; from here on the file is the caller's, and what
   * stands in the journal stays there until the caller changes or drops it, as `by`. Undefined where
   * nothing is known, and at the second call.
   */
  recall(identity: Identity, by: Origin): FileMemo | undefined;
  /** What is remembered of the files of a directory and was not recalled yet. */
  memosOf(directory: string): readonly FileMemo[];
  /**
   * What was added of this origin is to be made durable now, and what is added next as well; where
   * nothing was added, that there is such an origin: then 0 is acknowledged.
   */
  demand(origin: Origin): void;
  /** What `origin.memo()` gives has changed, beside its position. */
  changed(origin: Origin): void;
  /** Nothing need be remembered of the origin any more. */
  drop(origin: Origin): void;
}

export interface Journal extends FileMemory {
  /**
   * Restores what an earlier run left, and begins to write. Before any line is added, and before the
   * sources begin. Rejects with a `LogwinError` where no journal can be kept.
   */
  open(window: WindowCounts, keys: KeyTable): Promise<void>;
  /** The lines of the batch are in the window. */
  added(batch: Batch): void;
  /** The open pane is about to be sealed: what was added to it has to be recorded. */
  sealing(): void;
  /** Makes durable what was added, as far as that can be, and lets go of everything. Never rejects. */
  close(): Promise<void>;
}
