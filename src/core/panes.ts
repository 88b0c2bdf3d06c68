/** What crosses between the window and the journal: counts by key number, a pane at a time. */
import type { Totals } from './snapshot.js';

/** The lines of one pane: of all of it, or what was added to it since it was last asked. */
export interface PaneCounts {
  /**
   * When the pane ends, in milliseconds since the epoch; a multiple of the length of a pane. Infinite
   * where the window is `all`.
   */
  readonly end: number;
  /** Lines counted, those in `other` included. */
  readonly counted: number;
  readonly other: number;
  readonly rejected: number;
  /** For each key that has a cell, its number and then its count. */
  readonly cells: Uint32Array | Float64Array;
}

/** What a window is beside its panes. */
export interface WindowMarks {
  /** Logical time, in milliseconds since the epoch. */
  readonly moment: number;
  /** When counting began. */
  readonly began: number;
  /** The entry number that was given last. */
  readonly entered: number;
  readonly totals: Totals;
}
