/** The pane to which lines are being added. */
import { keyNumbers, numbers, withRoom } from '../core/growth.js';
import type { PaneCounts } from '../core/panes.js';

/** The greatest number that a cell of 32 bits holds. */
const MOST_IN_32_BITS = 0xffff_ffff;

export class OpenPane {
  /** Lines by key number; 0 for a key that has no cell in this pane. */
  counts = numbers(0);
  #counted = 0;
  #other = 0;
  #rejected = 0;
  /** The keys that have a cell, in the order of their first line. */
  #keys = keyNumbers(0);
  #cells = 0;

  /** How many keys have a cell. */
  get cells(): number {
    return this.#cells;
  }

  /** Makes room for key numbers below `limit`. */
  reserve(limit: number): void {
    this.counts = withRoom(this.counts, limit, numbers);
  }

  /** Gives a key a cell. It must have none yet; its first line is for the caller to count. */
  addCell(key: number): void {
    this.#keys = withRoom(this.#keys, this.#cells + 1, keyNumbers);
    this.#keys[this.#cells++] = key;
  }

  /** Adds to the sums; `counted` are the lines in `counts` and in `other`. */
  add(counted: number, other: number, rejected: number): void {
    this.#counted += counted;
    this.#other += other;
    this.#rejected += rejected;
  }

  /** What the pane holds, which then is empty; undefined where no line was added. */
  seal(end: number): PaneCounts | undefined {
    const pane = this.copy(end);
    if (pane !== undefined) this.#clear();
    return pane;
  }

  /** What the pane holds; undefined where no line was added. */
  copy(end: number): PaneCounts | undefined {
    if (this.#counted + this.#rejected === 0) return undefined;
    const sums = { counted: this.#counted, other: this.#other, rejected: this.#rejected };
    return { end, ...sums, cells: this.#copyCells() };
  }

  #copyCells(): PaneCounts['cells'] {
    const make = this.#counted > MOST_IN_32_BITS ? numbers : keyNumbers;
    const cells = make(2 * this.#cells);
    for (let i = 0; i < this.#cells; i++) {
      const key = this.#keys[i];
      cells[2 * i] = key;
      cells[2 * i + 1] = this.counts[key];
    }
    return cells;
  }

  #clear(): void {
    for (let i = 0; i < this.#cells; i++) this.counts[this.#keys[i]] = 0;
    this.#cells = this.#counted = this.#other = this.#rejected = 0;
  }
}
