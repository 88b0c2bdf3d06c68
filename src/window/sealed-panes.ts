/** The panes that take no more lines and wait to leave the window, oldest first. */

export interface SealedPane {
  /** When the pane ended, in milliseconds since the epoch; a multiple of the length of a pane. */
  readonly end: number;
  /** Lines counted, those in `other` included. */
  readonly counted: number;
  readonly other: number;
  readonly rejected: number;
  /** For each key that has a cell, its number and then its count. */
  readonly cells: Uint32Array | Float64Array;
}

interface Link {
  readonly pane: SealedPane;
  next: Link | undefined;
}

/**
 * Only panes that hold something are kept, so the ring of a quiet window costs nothing however many
 * panes it could have.
 */
export class SealedPanes {
  #first: Link | undefined;
  #last: Link | undefined;

  /** `pane` must end after all panes that were put before it. */
  put(pane: SealedPane): void {
    const link = { pane, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
  }

  /** Takes out the oldest pane if it ended at or before `cutoff`. */
  takeExpired(cutoff: number): SealedPane | undefined {
    const first = this.#first;
    if (first === undefined || first.pane.end > cutoff) return undefined;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    return first.pane;
  }
}
