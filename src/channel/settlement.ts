/**
 * Which batches are on their way, and to how many ends: a batch that goes into several channels is done
 * when each of them has brought it to its end. A source hears of its batches in the order in which it put
 * them, whichever of them was done first.
 */
import type { Batch } from '../core/batch.js';

/** The batches of one source that are under way, in the order in which they were put. */
export type Course = Set<Passage>;

interface Passage {
  readonly batch: Batch;
  readonly course: Course;
  /** How many ends it has not reached. */
  remaining: number;
  /** Of it, as the last end said. */
  events: number;
}

export class Settlement {
  readonly #passages = new Map<Batch, Passage>();
  readonly #arrived: (batch: Batch, events: number) => void;

  /** `arrived` is told once of each batch that has reached all its ends, and of how many events it was. */
  constructor(arrived: (batch: Batch, events: number) => void) {
    this.#arrived = arrived;
  }

  static course(): Course {
    return new Set();
  }

  /** The batch is about to be put, as the last of its source, into so many channels. */
  enter(batch: Batch, course: Course, ends: number): void {
    const passage = { batch, course, remaining: ends, events: 0 };
    this.#passages.set(batch, passage);
    course.add(passage);
  }

  /** The batch was brought to one of its ends; so many events were sent of it. */
  delivered(batch: Batch, events: number): void {
    const passage = this.#passages.get(batch);
    if (passage === undefined) return;
    passage.remaining -= 1;
    passage.events = events;
    this.#tell(passage.course);
  }

  /** The batch was withdrawn, or will reach its end in this life no more. Nobody is told. */
  discard(batch: Batch): void {
    const passage = this.#passages.get(batch);
    if (passage === undefined) return;
    this.#passages.delete(batch);
    passage.course.delete(passage);
    this.#tell(passage.course);
  }

  #tell(course: Course): void {
    for (const passage of course) {
      if (passage.remaining > 0) return;
      course.delete(passage);
      this.#passages.delete(passage.batch);
      this.#arrived(passage.batch, passage.events);
    }
  }
}
