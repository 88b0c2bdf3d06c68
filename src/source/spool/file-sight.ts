/** What a file looked like when it was last looked at, and what that says of what was read of it. */
import type { BigIntStats } from 'node:fs';

/**
 * - `touched`: the time of change moved and the size did not: other bytes may stand there now
 * - `shrunk`: the size fell: what was read is gone
 */
type Suspicion = 'none' | 'touched' | 'shrunk';

export class FileSight {
  size: number;
  /** Time of change, in nanoseconds. */
  modified: bigint;
  suspicion: Suspicion = 'none';
  /** The size before the last change, or before the file shrank. */
  sizeBefore: number;
  #changedAt: number;

  /** `now`, here and below, is monotonic, in milliseconds. */
  constructor(stats: BigIntStats, now: number) {
    this.size = this.sizeBefore = Number(stats.size);
    this.modified = stats.mtimeNs;
    this.#changedAt = now;
  }

  /** Takes in what the file looks like now. Says whether anything about it has changed. */
  take(stats: BigIntStats, now: number): boolean {
    if (this.isOf(stats)) return false;
    const size = Number(stats.size);
    if (this.suspicion !== 'shrunk') this.sizeBefore = this.size;
    if (size < this.size) this.suspicion = 'shrunk';
    else if (size === this.size && this.suspicion === 'none') this.suspicion = 'touched';
    this.size = size;
    this.modified = stats.mtimeNs;
    this.#changedAt = now;
    return true;
  }

  /** An earlier run had read so far; whether that is still there is to be seen. */
  suspect(readTo: number): void {
    this.suspicion = this.size < readTo ? 'shrunk' : 'touched';
    this.sizeBefore = readTo;
  }

  /** What was read is still there; holds only if the file is still as it was when that was seen. */
  acquit(examined: BigIntStats): void {
    if (this.isOf(examined)) this.suspicion = 'none';
  }

  isOf(stats: BigIntStats): boolean {
    return this.size === Number(stats.size) && this.modified === stats.mtimeNs;
  }

  /** Whether nothing has changed for `settle` milliseconds. */
  hasSettled(now: number, settle: number): boolean {
    return now - this.#changedAt >= settle;
  }
}
