/** What the window gives to the sink at each slide. All numbers are counts of lines. */
import type { Rejection } from './answer.js';

export interface Row {
  /** The key's bytes, a copy; of several fields, see `splitKey`. */
  readonly key: Uint8Array;
  readonly count: number;
}

/** Since counting began; at every snapshot `lines = counted + rejected`. */
export interface Totals {
  readonly lines: number;
  readonly counted: number;
  readonly rejected: number;
  /** `rejected`, by reason; only the reasons that occurred. */
  readonly reasons: ReadonlyMap<Rejection, number>;
}

export interface Snapshot {
  /** The window is `(start, end]`, in milliseconds since the epoch. */
  readonly start: number;
  readonly end: number;
  /** Counted in the window, in `rows`, in keys that have no row here, and in `other`. */
  readonly total: number;
  /** Keys in the window that have a number, and so a row, of their own. */
  readonly distinct: number;
  /** Rejected in the window. */
  readonly rejected: number;
  /** Counted in the window, but beyond `--max-keys`, `--max-key-bytes` or the limit of cells. */
  readonly other: number;
  /** The first n keys: highest count first, equal counts in the order of entry. */
  readonly rows: readonly Row[];
  /** Lines taken in since the snapshot before, per second. */
  readonly rate: number;
  readonly totals: Totals;
}
