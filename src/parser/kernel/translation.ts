/**
 * From the key numbers of a thread's kernel to those of the key table. A thread numbers keys as it
 * meets them; which key gets a number in the table, and which finds no room, is decided here, in the
 * order of the lines: so the answer does not depend on the number of threads.
 */
import { type Answer, NO_KEY, OTHER } from '../../core/answer.js';
import { integers, withRoom } from '../../core/growth.js';
import type { Result } from './job-board.js';
import type { Kernel } from './kernel.js';

/** A mark in place of a number. */
const UNKNOWN = -1;

/** What of another kernel's memory can be looked into. */
export interface ForeignKeys {
  /** Its entries from one offset in the arena to another. */
  entries(from: number, to: number): Uint8Array;
  /** The entry of one of its keys. */
  entryOf(key: number): Uint8Array;
}

type Translated = Pick<Answer, 'counts' | 'other'>;

export class Translation {
  readonly #table: Kernel;
  readonly #foreign: ForeignKeys;
  /** By the thread's number, and by the table's: the other one, or a mark. */
  #toTable = integers(0);
  #toThread = integers(0);
  #keys = 0;
  /** How many of the thread's keys have no number in the table, and the bytes of their entries. */
  #unknown = 0;
  #unknownBytes = 0;

  constructor(table: Kernel, foreign: ForeignKeys) {
    this.#table = table;
    this.#foreign = foreign;
  }

  /** The thread has forgotten all keys. */
  clear(): void {
    this.#toTable.fill(UNKNOWN);
    this.#toThread.fill(UNKNOWN);
    this.#keys = this.#unknown = this.#unknownBytes = 0;
  }

  /** The table has forgotten a key. */
  forget(key: number): void {
    const own = key < this.#toThread.length ? this.#toThread[key] : UNKNOWN;
    if (own === UNKNOWN) return;
    this.#toThread[key] = UNKNOWN;
    this.#toTable[own] = UNKNOWN;
    this.#miss(own);
  }

  /**
   * Translates the counts of a batch, to `room`, of which it gives what it used, and the number of
   * lines whose key finds no room in the table. To be called in the order of the batches, since it
   * enters keys there.
   */
  translate(foreign: Uint32Array, result: Result, room: Uint32Array): Translated {
    this.#learn(result);
    const toTable = this.#toTable;
    let used = 0;
    let other = 0;
    for (let at = 0; at < foreign.length; at += 2) {
      const own = foreign[at];
      const lines = foreign[at + 1];
      const key = toTable[own] >= 0 ? toTable[own] : this.#enter(own);
      if (key === OTHER) {
        other += lines;
      } else {
        room[used] = key;
        room[used + 1] = lines;
        used += 2;
      }
    }
    return { counts: room.subarray(0, used), other };
  }

  /** The same of the answers, once their counts are translated. */
  translateLines(foreign: Uint32Array): Uint32Array {
    return foreign.map((key) => {
      if (key >= NO_KEY) return key;
      return this.#toTable[key] >= 0 ? this.#toTable[key] : OTHER;
    });
  }

  /**
   * Enters the new keys at once, which is much faster than one by one. They are in the order of their
   * first lines; but keys without a number may come between them, and then the order matters, unless
   * it is sure that all find room.
   */
  #learn({ entriesFrom, entriesTo, keysFrom, keysTo }: Result): void {
    const count = keysTo - keysFrom;
    if (count === 0) return;
    this.#reserve(keysTo);
    const bytes = entriesTo - entriesFrom;
    const isSure = this.#table.hasRoom(this.#unknown + count, this.#unknownBytes + bytes);
    if (this.#unknown > 0 && !isSure) {
      this.#unknown += count;
      this.#unknownBytes += bytes;
      return;
    }
    const numbers = this.#table.adopt(this.#foreign.entries(entriesFrom, entriesTo), count);
    for (let i = 0; i < count; i += 1) {
      if (numbers[i] === OTHER) this.#miss(keysFrom + i);
      else this.#link(keysFrom + i, numbers[i]);
    }
  }

  /** A key finds no room for now. */
  #miss(own: number): void {
    this.#unknown += 1;
    this.#unknownBytes += this.#foreign.entryOf(own).length;
  }

  #enter(own: number): number {
    const entry = this.#foreign.entryOf(own);
    const [key] = this.#table.adopt(entry, 1);
    if (key === OTHER) return OTHER;
    this.#link(own, key);
    this.#unknown -= 1;
    this.#unknownBytes -= entry.length;
    return key;
  }

  #link(own: number, key: number): void {
    this.#toTable[own] = key;
    if (key >= this.#toThread.length) this.#toThread = withMarks(this.#toThread, key + 1, 0);
    this.#toThread[key] = own;
  }

  #reserve(keys: number): void {
    this.#toTable = withMarks(this.#toTable, keys, this.#keys);
    this.#keys = keys;
  }
}

type Marks = Int32Array<ArrayBuffer>;

/** With room for `length` elements, those that are new being marks. */
function withMarks(array: Marks, length: number, used: number): Marks {
  if (array.length >= length) return array;
  const longer = withRoom(array, length, integers);
  longer.fill(UNKNOWN, Math.max(used, array.length));
  return longer;
}
