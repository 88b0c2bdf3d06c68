/** Adds up the lines of one pane from the records that they stand in. */
import { keyNumbers, numbers, withRoom } from '../../core/growth.js';
import type { PaneCounts } from '../../core/panes.js';
import type { PaneHead } from '../segment/records.js';

export class PaneSum {
  #counted = 0;
  #other = 0;
  #rejected = 0;
  /** By key number. */
  #counts = numbers(0);
  /** Key and entry number of each cell. */
  #keys = keyNumbers(0);
  #entries = numbers(0);
  #cells = 0;

  add({ counted, other, rejected }: PaneHead): void {
    this.#counted += counted;
    this.#other += other;
    this.#rejected += rejected;
  }

  /** Lines of a key for which there is room. */
  addCell(key: number, entry: number, lines: number): void {
    this.#counts = withRoom(this.#counts, key + 1, numbers);
    if (this.#counts[key] === 0) this.#open(key, entry);
    this.#counts[key] += lines;
  }

  /** Lines, among those that were counted, whose key finds no room any more. */
  addOther(lines: number): void {
    this.#other += lines;
  }

  /** The pane that ends at `end`, and the entry number of each cell; the sum begins anew. */
  take(end: number): { readonly pane: PaneCounts; readonly entries: Float64Array } {
    const cells = numbers(2 * this.#cells);
    for (let at = 0; at < this.#cells; at += 1) {
      const key = this.#keys[at];
      cells[2 * at] = key;
      cells[2 * at + 1] = this.#counts[key];
      this.#counts[key] = 0;
    }
    const sums = { counted: this.#counted, other: this.#other, rejected: this.#rejected };
    const entries = this.#entries.slice(0, this.#cells);
    this.#counted = this.#other = this.#rejected = this.#cells = 0;
    return { pane: { end, ...sums, cells }, entries };
  }

  #open(key: number, entry: number): void {
    this.#keys = withRoom(this.#keys, this.#cells + 1, keyNumbers);
    this.#entries = withRoom(this.#entries, this.#cells + 1, numbers);
    this.#keys[this.#cells] = key;
    this.#entries[this.#cells] = entry;
    this.#cells += 1;
  }
}
