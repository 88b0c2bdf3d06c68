/** What became of all lines since counting began. */
import { REJECTIONS, type Rejection } from '../core/answer.js';
import type { Totals } from '../core/snapshot.js';

export class RunningTotals {
  counted = 0;
  rejected = 0;
  /** Rejected lines, by the place of the reason in `REJECTIONS`. */
  readonly reasons = new Float64Array(REJECTIONS.length);

  get lines(): number {
    return this.counted + this.rejected;
  }

  /** Goes on from these. */
  resume({ counted, rejected, reasons }: Totals): void {
    this.counted = counted;
    this.rejected = rejected;
    REJECTIONS.forEach((reason, index) => {
      this.reasons[index] = reasons.get(reason) ?? 0;
    });
  }

  /** A copy, for a snapshot. */
  toTotals(): Totals {
    const { lines, counted, rejected } = this;
    const reasons = new Map<Rejection, number>();
    REJECTIONS.forEach((reason, index) => {
      if (this.reasons[index] > 0) reasons.set(reason, this.reasons[index]);
    });
    return { lines, counted, rejected, reasons };
  }
}
