/**
 * A source that is read once from beginning to end: standard input, or a file of `logwin count`.
 * What has gzip's magic bytes is decompressed.
 */
import type { Readable } from 'node:stream';
import type { Batch, Origin } from '../../core/batch.js';
import { messageOf, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Intake, Source } from '../../core/stages.js';
import { type Cutting, releaseBatch } from '../lines/cutting.js';
import { LineCutter } from '../lines/line-cutter.js';
import { type Deliver, isGzip, readPacked, readRange, readStream } from '../lines/reading.js';
import type { Input, Opened } from './input.js';

interface StreamSurroundings {
  readonly log: Logger;
  readonly cutting: Cutting;
}

export class StreamSource implements Source, Origin {
  readonly name: string;
  readonly #input: Input;
  readonly #around: StreamSurroundings;
  #stream: Readable | undefined;
  #size: number | undefined;
  #stopping = false;
  #lines = 0;
  #failed = 0;

  constructor(input: Input, around: StreamSurroundings) {
    this.name = input.name;
    this.#input = input;
    this.#around = around;
  }

  added(batch: Batch): void {
    releaseBatch(this.#around.cutting, batch);
  }

  /** What was read is not read again, so nothing waits for this. */
  acknowledged(): void {}

  /** Never throws: what is wrong with a file is said when its turn comes. */
  async open(): Promise<void> {
    this.#size = await this.#input.size();
  }

  toRead(): number | undefined {
    return this.#size;
  }

  /** A file that cannot be read fails alone: the others are counted. */
  async run(intake: Intake): Promise<void> {
    if (this.#stopping) return;
    try {
      await this.#read(await this.#input.open(), intake);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      if (!this.#stopping) this.#sayFailed(error);
    }
  }

  stop(): void {
    this.#stopping = true;
    this.#stream?.destroy();
  }

  async retire(): Promise<void> {}

  async close(): Promise<{ readonly failed: number }> {
    return { failed: this.#failed };
  }

  async #read(opened: Opened, intake: Intake): Promise<void> {
    const cutter = new LineCutter(this, this.#around.cutting);
    const deliver = (batch: Batch): Promise<void> => {
      this.#lines += batch.lines;
      return intake.put(batch);
    };
    try {
      await this.#readAll(opened, cutter, deliver);
      if (this.#stopping) return;
      for (const batch of cutter.end()) await deliver(batch);
    } finally {
      cutter.release();
      if (opened.kind === 'file') await opened.file.close();
    }
  }

  async #readAll(opened: Opened, cutter: LineCutter, deliver: Deliver): Promise<void> {
    const proceed = (): boolean => !this.#stopping;
    if (opened.kind === 'file') {
      return readRange(opened.file, cutter, Number.POSITIVE_INFINITY, deliver, proceed);
    }
    this.#stream = opened.stream;
    if (this.#stopping) this.#stream.destroy();
    const { head, all } = await peek(opened.stream);
    const read = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
      await readStream(chunks, cutter, deliver, proceed);
    };
    if (!isGzip(head)) return read(all);
    // Positions are of what comes out, and how much that will be nobody knows.
    this.#size = undefined;
    await readPacked(all, read);
  }

  #sayFailed(error: unknown): void {
    this.#failed = 1;
    const message =
      this.#lines === 0
        ? 'A file cannot be read.'
        : 'A file cannot be read to its end; what was read of it is counted.';
    this.#around.log.error(message, {
      file: this.name,
      reason: messageOf(error),
      linesRead: this.#lines,
    });
  }
}

/** The first bytes of a stream, enough to tell what it is, and then all its chunks. */
async function peek(stream: Readable): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const { value, done } = await chunks.next();
    if (done) break;
    head = Buffer.concat([head, value]);
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  return { head, all: all() };
}
