/**
 * What the window holds: running counts by key, kept by adding each pane once and subtracting it
 * once. A cell is a key in a pane; their number is bounded. Beyond that bound a key is counted in
 * `other` of the pane in which it has no cell.
 */
import type { Answer } from '../core/answer.js';
import { numbers, withRoom } from '../core/growth.js';
import type { KeyTable } from '../core/keys.js';
import type { PaneCounts } from '../core/panes.js';
import { OpenPane } from './open-pane.js';
import { PaneChange } from './pane-change.js';
import type { RunningTotals } from './running-totals.js';
import { SealedPanes } from './sealed-panes.js';
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
  /** The entry number that was given last. */
  entered = 0;
  readonly #keys: KeyTable;
  readonly #maxCells: number;
  readonly #open = new OpenPane();
  /** What was added to the open pane and not taken yet; undefined where nobody wants to know. */
  readonly #change: PaneChange | undefined;
  readonly #sealed = new SealedPanes();

  /** Where `tracksChange` is false, there is never a change to be taken. */
  constructor(keys: KeyTable, maxCells: number, tracksChange = false) {
    this.#keys = keys;
    this.#maxCells = maxCells;
    this.#change = tracksChange ? new PaneChange() : undefined;
  }

  get limit(): number {
    return this.counts.length;
  }

  /** How many cells changed since the last change was taken. */
  get changed(): number {
    return this.#change?.cells ?? 0;
  }

  /** Counts the lines of an answer in the open pane, and in the totals. */
  add(answer: Answer, totals: RunningTotals): void {
    this.#reserve(this.#keys.limit);
    const other = answer.other + this.#addCounts(answer.counts);
    this.#change?.addCounts(answer.counts, this.#open.counts);
    let rejected = 0;
    answer.rejected.forEach((lines, reason) => {
      totals.reasons[reason] += lines;
      rejected += lines;
    });
    const counted = answer.lines - rejected;
    totals.counted += counted;
    totals.rejected += rejected;
    this.#open.add(counted, other, rejected);
    this.#change?.add(counted, other, rejected);
    this.#sum(counted, other, rejected);
  }

  /** What was added to the open pane, which ends at `end`, since this was last asked. */
  takeChange(end: number): PaneCounts | undefined {
    return this.#change?.seal(end);
  }

  /** Closes the open pane, which ends at `end`. Costs what was added to it. */
  seal(end: number): void {
    // What nobody took is not of the next pane.
    this.#change?.seal(end);
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

  /**
   * Adds a pane that was sealed in an earlier run, as far as there are cells. It must not end before
   * one that was sealed or restored before it; `entries` are the entry numbers of its keys.
   */
  restore(pane: PaneCounts, entries: Float64Array): void {
    this.#reserve(this.#keys.limit);
    const { end, counted, rejected } = pane;
    const kept = 2 * Math.min(entries.length, this.#maxCells - this.cells);
    const cells = pane.cells.slice(0, kept);
    this.#restoreCells(cells, entries);
    const other = pane.other + this.#decline(pane.cells.subarray(kept));
    this.#sealed.put({ end, counted, other, rejected, cells });
    this.#sum(counted, other, rejected);
  }

  /** All panes that hold something, oldest first; of the open one, which ends at `end`, a copy. */
  panes(end: number): PaneCounts[] {
    const open = this.#open.copy(end);
    return open === undefined ? this.#sealed.toArray() : [...this.#sealed.toArray(), open];
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

  #restoreCells(cells: PaneCounts['cells'], entries: Float64Array): void {
    this.cells += cells.length / 2;
    for (let i = 0; i < cells.length; i += 2) {
      const key = cells[i];
      if (this.counts[key] === 0) this.#enter(key, entries[i / 2]);
      this.counts[key] += cells[i + 1];
    }
  }

  /** Gives the lines of cells for which there is no room. */
  #decline(cells: PaneCounts['cells']): number {
    let lines = 0;
    for (let i = 0; i < cells.length; i += 2) {
      if (this.counts[cells[i]] === 0) this.#keys.left(cells[i]);
      lines += cells[i + 1];
    }
    return lines;
  }

  #reserve(limit: number): void {
    this.counts = withRoom(this.counts, limit, numbers);
    this.entries = withRoom(this.entries, limit, numbers);
    this.#open.reserve(limit);
    this.#change?.reserve(limit);
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
    if (isNew) this.#enter(key, ++this.entered);
    return true;
  }

  #enter(key: number, entry: number): void {
    this.entries[key] = entry;
    this.distinct++;
    this.#keys.entered(key);
  }

  #sum(counted: number, other: number, rejected: number): void {
    this.total += counted;
    this.other += other;
    this.rejected += rejected;
  }

  #subtract(pane: PaneCounts): void {
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
