/** The panes that take no more lines and wait to leave the window, oldest first. */
import type { PaneCounts } from '../core/panes.js';

interface Link {
  readonly pane: PaneCounts;
  next: Link | undefined;
}

/**
 * Only panes that hold something are kept, so the ring of a quiet window costs nothing however many
 * panes it could have.
 */
export class SealedPanes {
  #first: Link | undefined;
  #last: Link | undefined;

  /** `pane` must not end before a pane that was put before it. */
  put(pane: PaneCounts): void {
    const link = { pane, next: undefined };
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
  }

  /** Takes out the oldest pane if it ended at or before `cutoff`. */
  takeExpired(cutoff: number): PaneCounts | undefined {
    const first = this.#first;
    if (first === undefined || first.pane.end > cutoff) return undefined;
    this.#first = first.next;
    if (this.#first === undefined) this.#last = undefined;
    return first.pane;
  }

  /** All of them. */
  toArray(): PaneCounts[] {
    const panes: PaneCounts[] = [];
    for (let link = this.#first; link !== undefined; link = link.next) panes.push(link.pane);
    return panes;
  }
}
