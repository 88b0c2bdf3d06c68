/**
 * A source that is read once from beginning to end: standard input, or a file of `logwin count`.
 * What has gzip's magic bytes is decompressed.
 */
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { Batch, Origin } from '../../core/batch.js';
import { messageOf, shorterError, systemCode } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import type { Intake, Source } from '../../core/stages.js';
import { type Cutting, type Deliver, releaseBatch } from '../lines/cutting.js';
import { readPieces } from '../lines/file-reading.js';
import { isGzip, readPacked } from '../lines/gzip.js';
import { LineCutter } from '../lines/line-cutter.js';
import { lineRanges } from '../lines/line-ranges.js';
import { readingOf } from '../lines/read-ahead.js';
import { readStream } from '../lines/stream-reading.js';
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
  /** Batches that were given and are not yet added. */
  #inFlight = 0;
  #tellAllAdded: () => void = () => {};
  #hasRanges = false;
  /** Why a range could not be read. */
  #rangeError: Error | undefined;
  #failed = 0;

  constructor(input: Input, around: StreamSurroundings) {
    this.name = input.name;
    this.#input = input;
    this.#around = around;
  }

  added(batch: Batch, lines: number): void {
    releaseBatch(this.#around.cutting, batch);
    this.#lines += lines;
    this.#inFlight -= 1;
    if (this.#inFlight === 0) this.#tellAllAdded();
  }

  /** What was read is not read again, so nothing waits for this. */
  acknowledged(): void {}

  /** After a restart nobody could tell that it is the same. */
  memo(): undefined {
    return undefined;
  }

  /** Never throws: what is wrong with a file is said when its turn comes. */
  async open(): Promise<void> {
    this.#size = await this.#input.size();
  }

  async begin(): Promise<void> {}

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
      if (!this.#stopping) await this.#sayFailed(error);
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
    const deliver = (batch: Batch): Promise<void> => {
      this.#inFlight += 1;
      return intake.put(batch);
    };
    if (opened.kind === 'stream') return this.#readStream(opened.stream, deliver);
    try {
      await this.#readFile(opened.file, deliver);
    } finally {
      // Ranges are read by whoever parses them.
      if (this.#hasRanges) await this.#untilAdded();
      await opened.file.close();
    }
    if (this.#rangeError !== undefined) throw this.#rangeError;
  }

  /** The bulk of a large file in ranges; what is left, and what is appended meanwhile, here. */
  async #readFile(file: FileHandle, deliver: Deliver): Promise<void> {
    const { size } = await file.stat();
    const position = await this.#giveRanges(file.fd, size, deliver);
    if (!this.#proceeds) return;
    await this.#cutAll(deliver, position, async (cutter) => {
      const reading = this.#reading(cutter, deliver);
      const limit = Number.POSITIVE_INFINITY;
      await readPieces({ ...reading, readAt: readingOf(file), limit });
      if (this.#proceeds && cutter.readTo < size) throw shorterError();
    });
  }

  /** Resolves to the position up to which it gave ranges. */
  async #giveRanges(descriptor: number, size: number, deliver: Deliver): Promise<number> {
    const { rangeBytes } = this.#around.cutting;
    let position = 0;
    for (const range of lineRanges({ descriptor, size, rangeBytes })) {
      if (!this.#proceeds) break;
      this.#hasRanges = true;
      await deliver({
        kind: 'range',
        origin: this,
        ...range,
        descriptor,
        failed: this.#rangeFailed,
      });
      position = range.end;
    }
    return position;
  }

  readonly #rangeFailed = (error: Error): void => {
    this.#rangeError ??= error;
  };

  async #readStream(stream: Readable, deliver: Deliver): Promise<void> {
    this.#stream = stream;
    if (this.#stopping) stream.destroy();
    const { head, all } = await peek(stream);
    await this.#cutAll(deliver, 0, (cutter) => {
      const read = (chunks: AsyncIterable<Buffer>): Promise<void> =>
        readStream({ ...this.#reading(cutter, deliver), chunks });
      if (!isGzip(head)) return read(all);
      // Positions are of what comes out, and how much that will be nobody knows.
      this.#size = undefined;
      return readPacked(all, read);
    });
  }

  /** Has `read` read from `position` on, and gives the last line, where it has no line end. */
  async #cutAll(
    deliver: Deliver,
    position: number,
    read: (cutter: LineCutter) => Promise<void>,
  ): Promise<void> {
    const from = { position, scannedTo: position };
    const cutter = new LineCutter(this, this.#around.cutting.maxLine, from);
    await read(cutter);
    if (!this.#proceeds) return;
    for (const batch of cutter.end()) await deliver(batch);
  }

  #reading(cutter: LineCutter, deliver: Deliver) {
    const { cutting } = this.#around;
    return { cutter, cutting, deliver, proceed: () => this.#proceeds };
  }

  get #proceeds(): boolean {
    return !this.#stopping && this.#rangeError === undefined;
  }

  /** Resolves when all that was given is in the window. No read is under way and no buffer held. */
  async #untilAdded(): Promise<void> {
    if (this.#inFlight === 0) return;
    await new Promise<void>((resolve) => {
      this.#tellAllAdded = resolve;
    });
  }

  /** Says how many lines were read, which is known when the last of them was added. */
  async #sayFailed(error: unknown): Promise<void> {
    this.#failed = 1;
    await this.#untilAdded();
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
