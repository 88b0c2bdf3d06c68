/**
 * What the window holds: running counts by key, kept by adding each pane once and subtracting it
 * once. A cell is a key in a pane; their number is bounded. Beyond that bound a key is counted in
 * `other` of the pane in which it has no cell.
 */
import type { Answer } from '../core/answer.js';
import { numbers, withRoom } from '../core/growth.js';
import type { KeyTable } from '../core/keys.js';
import { OpenPane } from './open-pane.js';
import type { RunningTotals } from './running-totals.js';
import { type SealedPane, SealedPanes } from './sealed-panes.js';
import type { Ranking } from './top.js';

export class WindowCounts implements Ranking {
  /** Lines in the window by key number. */
  counts = numbers(0);
  /** When each key came into the window, as a number that only rises. */
  entries = numbers(0);
  distinct = 0;
  /** Lines in the window that were counted, those in `other` included. */
  total = 0;
  other = 0;
  rejected = 0;
  /** In the open pane and in the sealed ones. */
  cells = 0;
  readonly #keys: KeyTable;
  readonly #maxCells: number;
  readonly #open = new OpenPane();
  readonly #sealed = new SealedPanes();
  #entered = 0;

  constructor(keys: KeyTable, maxCells: number) {
    this.#keys = keys;
    this.#maxCells = maxCells;
  }

  get limit(): number {
    return this.counts.length;
  }

  /** Counts the lines of an answer in the open pane, and in the totals. */
  add(answer: Answer, totals: RunningTotals): void {
    this.#reserve(this.#keys.limit);
    const other = answer.other + this.#addCounts(answer.counts);
    let rejected = 0;
    answer.rejected.forEach((lines, reason) => {
      totals.reasons[reason] += lines;
      rejected += lines;
    });
    this.#sum(answer.lines - rejected, other, rejected, totals);
  }

  /** Closes the open pane, which ends at `end`. Costs what was added to it. */
  seal(end: number): void {
    const pane = this.#open.seal(end);
    if (pane !== undefined) this.#sealed.put(pane);
  }

  /** Subtracts the panes that ended at or before `cutoff`. Costs what they hold. */
  expire(cutoff: number): void {
    let pane = this.#sealed.takeExpired(cutoff);
    while (pane !== undefined) {
      this.#subtract(pane);
      pane = this.#sealed.takeExpired(cutoff);
    }
  }

  /** Gives the lines for which there was no cell. */
  #addCounts(added: Uint32Array): number {
    const { counts } = this;
    const open = this.#open.counts;
    let other = 0;
    for (let at = 0; at < added.length; at += 2) {
      const key = added[at];
      const lines = added[at + 1];
      if (open[key] > 0 || this.#addCell(key)) {
        open[key] += lines;
        counts[key] += lines;
      } else {
        other += lines;
      }
    }
    return other;
  }

  #reserve(limit: number): void {
    this.counts = withRoom(this.counts, limit, numbers);
    this.entries = withRoom(this.entries, limit, numbers);
    this.#open.reserve(limit);
  }

  /** False where there is no cell left for the key. */
  #addCell(key: number): boolean {
    const isNew = this.counts[key] === 0;
    if (this.cells >= this.#maxCells) {
      if (isNew) this.#keys.left(key);
      return false;
    }
    this.cells++;
    this.#open.addCell(key);
    if (isNew) this.#enter(key);
    return true;
  }

  #enter(key: number): void {
    this.entries[key] = ++this.#entered;
    this.distinct++;
    this.#keys.entered(key);
  }

  #sum(counted: number, other: number, rejected: number, totals: RunningTotals): void {
    totals.counted += counted;
    totals.rejected += rejected;
    this.#open.add(counted, other, rejected);
    this.total += counted;
    this.other += other;
    this.rejected += rejected;
  }

  #subtract(pane: SealedPane): void {
    const { cells } = pane;
    for (let i = 0; i < cells.length; i += 2) {
      const key = cells[i];
      this.counts[key] -= cells[i + 1];
      if (this.counts[key] === 0) this.#leave(key);
    }
    this.cells -= cells.length / 2;
    this.total -= pane.counted;
    this.other -= pane.other;
    this.rejected -= pane.rejected;
  }

  #leave(key: number): void {
    this.distinct--;
    this.#keys.left(key);
  }
}
