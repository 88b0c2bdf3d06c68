/**
 * The lines of each pane, as a segment holds them. They are put into the window only when it is known
 * which panes are still in it: of those that are not, nothing is read but the keys that they name.
 */
import { OTHER } from '../../core/answer.js';
import type { KeyTable } from '../../core/keys.js';
import type { WindowCounts } from '../../core/stages.js';
import { MalformedRecord, RecordReader } from '../segment/record-reader.js';
import { readPaneHead } from '../segment/records.js';
import { PaneSum } from './pane-sum.js';

/** Lines of one pane, of which there may be more in other records. */
interface Part {
  readonly end: number;
  /** Where its head stands in the segment. */
  readonly at: number;
}

export class RestoredCounts {
  readonly #bytes: Buffer;
  readonly #parts: Part[] = [];
  /** By entry number, where in the segment the key stands, with its length before it. */
  readonly #names = new Map<number, number>();

  /** `bytes` is the segment. */
  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Takes in the lines of a pane that stand where `reader` is. */
  take(reader: RecordReader): void {
    const at = reader.at;
    const { end, cells } = readPaneHead(reader);
    this.#parts.push({ end, at });
    for (let left = cells; left > 0; left -= 1) {
      const entry = reader.number();
      const name = reader.at;
      const length = reader.number();
      if (length > 0) {
        this.#names.set(entry, name);
        reader.skip(length - 1);
      } else if (!this.#names.has(entry)) {
        throw new MalformedRecord('a key is counted and was not named');
      }
      reader.number();
    }
  }

  /** Puts what is still in the window into it; the window knows the time by now. */
  restore(window: WindowCounts, keys: KeyTable): void {
    const numbers = new Map<number, number>();
    const sum = new PaneSum();
    const live = this.#parts.filter(({ end }) => end > window.cutoff);
    live.sort((a, b) => (a.end === b.end ? a.at - b.at : a.end - b.end));
    live.forEach(({ end, at }, index) => {
      this.#add(at, sum, (entry) => {
        const key = numbers.get(entry) ?? keys.enroll(this.#nameOf(entry));
        numbers.set(entry, key);
        return key;
      });
      if (live[index + 1]?.end === end) return;
      const { pane, entries } = sum.take(end);
      window.restore(pane, entries);
    });
  }

  #add(at: number, sum: PaneSum, keyOf: (entry: number) => number): void {
    const reader = new RecordReader(this.#bytes, at, this.#bytes.length);
    const head = readPaneHead(reader);
    sum.add(head);
    for (let left = head.cells; left > 0; left -= 1) {
      const entry = reader.number();
      reader.skip(Math.max(0, reader.number() - 1));
      const lines = reader.number();
      const key = keyOf(entry);
      if (key === OTHER) sum.addOther(lines);
      else sum.addCell(key, entry, lines);
    }
  }

  #nameOf(entry: number): Uint8Array {
    const at = this.#names.get(entry) ?? 0;
    const reader = new RecordReader(this.#bytes, at, this.#bytes.length);
    return reader.raw(reader.number() - 1);
  }
}
