/**
 * Which batches are on their way, and to how many ends: a batch that goes into several channels is done
 * when each of them has brought it to its end. A source hears of its batches in the order in which it put
 * them, whichever of them was done first.
 */
import type { Batch } from '../core/batch.js';
import { Fifo } from '../core/fifo.js';

/** The batches of one source, in the order in which they were put. */
export type Course = Fifo<Passage>;

interface Passage {
  readonly batch: Batch;
  readonly course: Course;
  /** How many ends it has not reached. */
  remaining: number;
  /** It never went on its way, or will not arrive: nobody is told. */
  isVoid: boolean;
}

export class Settlement {
  readonly #passages = new Map<Batch, Passage>();
  readonly #arrived: (batch: Batch) => void;

  /** `arrived` is told once of each batch that has reached all its ends. */
  constructor(arrived: (batch: Batch) => void) {
    this.#arrived = arrived;
  }

  static course(): Course {
    return new Fifo<Passage>();
  }

  /** The batch is about to be put, as the last of its source, into so many channels. */
  enter(batch: Batch, course: Course, ends: number): void {
    const passage = { batch, course, remaining: ends, isVoid: false };
    this.#passages.set(batch, passage);
    course.push(passage);
  }

  /** The batch was brought to one of its ends. */
  delivered(batch: Batch): void {
    const passage = this.#passages.get(batch);
    if (passage === undefined) return;
    passage.remaining -= 1;
    this.#tell(passage.course);
  }

  /** The batch went into no channel, or will reach its end in this life no more. */
  discard(batch: Batch): void {
    const passage = this.#passages.get(batch);
    if (passage === undefined) return;
    passage.isVoid = true;
    this.#passages.delete(batch);
    this.#tell(passage.course);
  }

  #tell(course: Course): void {
    for (let next = course.peek(); next; next = course.peek()) {
      if (!next.isVoid && next.remaining > 0) return;
      course.shift();
      this.#passages.delete(next.batch);
      if (!next.isVoid) this.#arrived(next.batch);
    }
  }
}
