import type { Random } from './random.js';

/** Ranks 0 to `count` - 1, where rank r is drawn in proportion to 1 / (r + 1)^skew. */
export class Zipf {
  readonly #cumulative: Float64Array;

  constructor(count: number, skew: number) {
    this.#cumulative = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank += 1) {
      sum += (rank + 1) ** -skew;
      this.#cumulative[rank] = sum;
    }
  }

  draw(random: Random): number {
    const cumulative = this.#cumulative;
    const wanted = random.next() * cumulative[cumulative.length - 1];
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
