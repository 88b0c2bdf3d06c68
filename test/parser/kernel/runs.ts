/** Runs a parser as a source and a window would, batch by batch, and keeps what it said. */
import { setTimeout as pause } from 'node:timers/promises';
import { NO_KEY } from '../../../src/core/answer.js';
import type { Batch } from '../../../src/core/batch.js';
import type { Outlet, Parser } from '../../../src/core/stages.js';
import { batchOfBytes, overlong, readAnswer } from '../batches.js';

/** A batch to be: whole lines, or none for an overlong line. */
export interface Piece {
  readonly bytes: Buffer | undefined;
  /** Into one of the parser's buffers, at this place; or elsewhere. */
  readonly at: number | undefined;
}

/** When keys leave. It may look at the batches and the keys, not at numbers. */
export interface Course {
  /** Batches in the window. */
  readonly window: number;
  /** Whether there is room in the window for a key that has no count. */
  hasCell(batch: number, key: string): boolean;
}

export interface Run {
  /** Of each batch its lines, as {@link readAnswer} has them. */
  readonly answers: readonly string[][];
  /** How many batches were read into each memory. */
  readonly memories: ReadonlyMap<ArrayBufferLike, number>;
}

export async function run(parser: Parser, pieces: readonly Piece[], course: Course): Promise<Run> {
  const window = new CountingWindow(parser, course);
  const source = new PieceSource(parser, pieces);
  const answers: string[][] = [];
  for await (const answer of parser.answers(source)) {
    if (answer.batch !== source.batches[answers.length]) throw new Error('not in order');
    const texts = readAnswer(parser, answer);
    window.add(answer.keys(), texts);
    answers.push(texts);
    if (answer.batch.kind === 'lines') parser.buffers.release(answer.batch.bytes);
  }
  return { answers, memories: source.memories };
}

/** Gives one batch after the other. */
export class PieceSource implements Outlet {
  readonly batches: Batch[] = [];
  readonly memories = new Map<ArrayBufferLike, number>();
  readonly #parser: Parser;
  readonly #pieces: readonly Piece[];

  constructor(parser: Parser, pieces: readonly Piece[]) {
    this.#parser = parser;
    this.#pieces = pieces;
  }

  async take(): Promise<Batch | undefined> {
    const piece = this.#pieces[this.batches.length];
    if (piece === undefined) return undefined;
    const batch = await this.#read(piece);
    this.batches.push(batch);
    return batch;
  }

  async #read({ bytes, at }: Piece): Promise<Batch> {
    if (bytes === undefined) return { ...overlong };
    if (at === undefined) return batchOfBytes(Buffer.from(bytes));
    const buffer = await this.#parser.buffers.acquire();
    this.memories.set(buffer.buffer, (this.memories.get(buffer.buffer) ?? 0) + 1);
    // What was there before shall not be taken for lines, nor what is beside.
    buffer.fill('"\n', at, Math.min(at + bytes.length + 64, buffer.length));
    bytes.copy(buffer, at);
    return batchOfBytes(buffer.subarray(at, at + bytes.length));
  }
}

/** Counts over the last batches, and tells the table what comes and leaves. */
class CountingWindow {
  readonly #parser: Parser;
  readonly #course: Course;
  readonly #counts = new Map<number, number>();
  readonly #panes: number[][] = [];
  #batch = 0;

  constructor(parser: Parser, course: Course) {
    this.#parser = parser;
    this.#course = course;
  }

  add(numbers: Uint32Array, texts: readonly string[]): void {
    // Some keys leave while the answer is out, some when it was added.
    const leavesFirst = this.#batch % 2 === 0;
    if (leavesFirst) this.#expire();
    const pane: number[] = [];
    for (const [line, key] of numbers.entries()) {
      if (key < NO_KEY && this.#count(key, texts[line])) pane.push(key);
    }
    this.#panes.push(pane);
    this.#batch += 1;
    this.#parser.keys.added();
    if (!leavesFirst) this.#expire();
  }

  #count(key: number, text: string): boolean {
    const { keys } = this.#parser;
    const count = this.#counts.get(key) ?? 0;
    if (count === 0 && !this.#course.hasCell(this.#batch, text)) {
      keys.left(key);
      return false;
    }
    if (count === 0) keys.entered(key);
    this.#counts.set(key, count + 1);
    return true;
  }

  #expire(): void {
    while (this.#panes.length >= this.#course.window) {
      for (const key of this.#panes.shift() ?? []) this.#subtract(key);
    }
  }

  #subtract(key: number): void {
    const count = (this.#counts.get(key) ?? 0) - 1;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
    if (count === 0) this.#parser.keys.left(key);
  }
}

/** Waits until there are buffers in the memories of so many threads, which then are all ready. */
export async function untilReady({ buffers }: Parser, threads: number): Promise<void> {
  const held: Buffer[] = [];
  const memories = new Set<ArrayBufferLike>();
  for (const deadline = performance.now() + 20_000; memories.size < threads; ) {
    const buffer = buffers.tryAcquire();
    if (buffer === undefined) await pause(2);
    else held.push(buffer);
    if (buffer !== undefined) memories.add(buffer.buffer);
    if (performance.now() > deadline) throw new Error(`only ${memories.size} threads came`);
  }
  for (const buffer of held) buffers.release(buffer);
}
