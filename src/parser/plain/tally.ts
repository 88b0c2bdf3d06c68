/** How often each key comes in one batch, in the order of their first lines. */
import { NO_KEY, OTHER, REJECTIONS, rejectionIndex } from '../../core/answer.js';
import { keyNumbers, withRoom } from '../../core/growth.js';

export class Tally {
  readonly rejected = new Uint32Array(REJECTIONS.length);
  other = 0;
  /** Keys, each followed by the number of its lines. */
  #counts = keyNumbers(0);
  #used = 0;
  /** By key number, where its lines are counted; 0 where it did not come yet. */
  #places = keyNumbers(0);

  get counts(): Uint32Array {
    return this.#counts.subarray(0, this.#used);
  }

  /** Counts the answers of a batch, whose keys are below `limit`. What it held before is gone. */
  take(answers: Uint32Array, limit: number): void {
    for (let at = 0; at < this.#used; at += 2) this.#places[this.#counts[at]] = 0;
    this.#places = withRoom(this.#places, limit, keyNumbers);
    this.#counts = withRoom(this.#counts, 2 * answers.length, keyNumbers);
    this.#used = this.other = 0;
    this.rejected.fill(0);
    for (let line = 0; line < answers.length; line += 1) this.#add(answers[line]);
  }

  #add(answer: number): void {
    if (answer < NO_KEY) this.#addKey(answer);
    else if (answer === OTHER) this.other += 1;
    else this.rejected[rejectionIndex(answer)] += 1;
  }

  #addKey(key: number): void {
    if (this.#places[key] === 0) {
      this.#counts[this.#used] = key;
      this.#counts[this.#used + 1] = 0;
      this.#used += 2;
      this.#places[key] = this.#used - 1;
    }
    this.#counts[this.#places[key]] += 1;
  }
}
