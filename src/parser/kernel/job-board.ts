/**
 * What a thread that parses and the one that counts say to each other: a few numbers in memory that
 * both see. The one hands out jobs, the other does them in order. A message for each would cost as
 * much as a tenth of the job; here one is sent only where somebody waits for it.
 */
import type { Done, Work } from './work.js';

export interface Job extends Work {
  /** All keys are to be forgotten first. */
  readonly afresh: boolean;
}

export interface Result extends Done {
  /** The entries of keys that are new, as offsets in the arena of the thread's kernel. */
  readonly entriesFrom: number;
  readonly entriesTo: number;
  /** The key numbers of the thread's kernel before and after: those between are of the new keys. */
  readonly keysFrom: number;
  readonly keysTo: number;
}

/** More jobs than any thread has buffers; a power of two. */
const MOST_JOBS = 16;

// The cells of the board.
const READY = 0;
const STOPPED = 1;
const POSTED = 2;
const DONE = 3;
const AWAITED = 4;
const FIRST_JOB = 16;
/** The cells of a job, and where among them those of its result begin. */
const CELLS = 16;
const RESULT = 8;

/** A position in a file takes two cells. */
const HALF = 2 ** 32;

export class JobBoard {
  readonly cells: Int32Array;

  /** A new board, or another one's view of the same. */
  constructor(cells?: Int32Array) {
    const bytes = Int32Array.BYTES_PER_ELEMENT * (FIRST_JOB + MOST_JOBS * CELLS);
    this.cells = cells ?? new Int32Array(new SharedArrayBuffer(bytes));
  }

  // The side that hands out jobs.

  get isReady(): boolean {
    return Atomics.load(this.cells, READY) === 1;
  }

  /** Gives the job's number. No more than `MOST_JOBS` may be posted and not yet taken back. */
  post(job: Job): number {
    const number = this.cells[POSTED];
    const { from, to, answers, tally, descriptor, position, afresh } = job;
    const [high, low] = [Math.floor(position / HALF), position % HALF];
    const cells = [from, to, answers, tally, descriptor, high, low, afresh ? 1 : 0];
    this.cells.set(cells, place(number));
    Atomics.store(this.cells, POSTED, (number + 1) | 0);
    Atomics.notify(this.cells, POSTED);
    return number;
  }

  /** How many jobs were posted that are not done. */
  get backlog(): number {
    return (this.cells[POSTED] - Atomics.load(this.cells, DONE)) | 0;
  }

  isDone(number: number): boolean {
    // Numbers go round after 2^32 jobs.
    return ((Atomics.load(this.cells, DONE) - number) | 0) > 0;
  }

  /** From now on, the end of the next job is to be told with a message. */
  await(): void {
    Atomics.store(this.cells, AWAITED, 1);
  }

  result(number: number): Result {
    const cells = this.cells.subarray(place(number) + RESULT);
    const [lines, length, errno, entriesFrom, entriesTo, keysFrom, keysTo] = cells;
    const entries = { entriesFrom: entriesFrom >>> 0, entriesTo: entriesTo >>> 0 };
    return { lines, length, errno, ...entries, keysFrom, keysTo };
  }

  /** There will be no more jobs. */
  stop(): void {
    Atomics.store(this.cells, STOPPED, 1);
    // As if a job had been posted: else who is about to wait would not notice.
    Atomics.add(this.cells, POSTED, 1);
    Atomics.notify(this.cells, POSTED);
  }

  // The side that does them.

  ready(): void {
    Atomics.store(this.cells, READY, 1);
  }

  /** Waits, without an event loop, for the job of this number. Undefined where there will be none. */
  take(number: number): Job | undefined {
    for (;;) {
      const posted = Atomics.load(this.cells, POSTED);
      if (Atomics.load(this.cells, STOPPED) === 1) return undefined;
      if (posted !== number) return this.#job(number);
      Atomics.wait(this.cells, POSTED, posted);
    }
  }

  /** The job is done. True where that is to be told with a message. */
  finish(number: number, result: Result): boolean {
    const { lines, length, errno, entriesFrom, entriesTo, keysFrom, keysTo } = result;
    const cells = [lines, length, errno, entriesFrom, entriesTo, keysFrom, keysTo];
    this.cells.set(cells, place(number) + RESULT);
    Atomics.store(this.cells, DONE, (number + 1) | 0);
    return Atomics.exchange(this.cells, AWAITED, 0) === 1;
  }

  #job(number: number): Job {
    const cells = this.cells.subarray(place(number));
    const [from, to, answers, tally, descriptor, high, low, afresh] = cells;
    const bytes = { from: from >>> 0, to: to >>> 0 };
    const results = { answers: answers >>> 0, tally: tally >>> 0 };
    const position = high * HALF + (low >>> 0);
    return { ...bytes, ...results, descriptor, position, afresh: afresh === 1 };
  }
}

function place(number: number): number {
  return FIRST_JOB + (number & (MOST_JOBS - 1)) * CELLS;
}
