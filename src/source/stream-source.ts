/**
 * Sources that are read once from beginning to end: standard input, and the files of `logwin count`.
 * What has gzip's magic bytes is decompressed.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Batch, Origin } from '../core/batch.js';
import { messageOf, systemCode } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Intake, Source } from '../core/stages.js';
import { type Cutting, releaseBatch } from './lines/cutting.js';
import { LineCutter } from './lines/line-cutter.js';
import { isGzip, readRange, readStream } from './lines/reading.js';

export interface StreamSurroundings {
  readonly log: Logger;
  readonly cutting: Cutting;
}

/** What is read, and what is left open afterwards. */
interface Opened {
  /** A regular file that is read by position, which is faster; else undefined. */
  readonly file: FileHandle | undefined;
  /** How much there is to read, where that is known. */
  readonly size: number | undefined;
  stream(): Readable;
  close(): Promise<void>;
}

export class StreamSource implements Source, Origin {
  readonly name: string;
  readonly #open: () => Promise<Opened>;
  readonly #around: StreamSurroundings;
  #stream: Readable | undefined;
  #stopping = false;
  #failed = 0;
  #size: number | undefined;

  constructor(name: string, open: () => Promise<Opened>, around: StreamSurroundings) {
    this.name = name;
    this.#open = open;
    this.#around = around;
  }

  acknowledged(batch: Batch): void {
    releaseBatch(this.#around.cutting, batch);
  }

  /** A file that cannot be opened fails alone, when its turn comes. */
  async open(): Promise<void> {}

  toRead(): number | undefined {
    return this.#size;
  }

  async run(intake: Intake): Promise<void> {
    if (this.#stopping) return;
    try {
      const opened = await this.#open();
      this.#size = opened.size;
      await this.#read(opened, intake).finally(() => opened.close());
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      if (this.#stopping) return;
      this.#failed = 1;
      this.#around.log.error('A file cannot be read; what was read of it is counted.', {
        file: this.name,
        reason: messageOf(error),
      });
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
    const deliver = (batch: Batch): Promise<void> => intake.put(batch);
    const proceed = (): boolean => !this.#stopping;
    try {
      if (opened.file && !(await startsCompressed(opened.file))) {
        await readRange(opened.file, cutter, Number.POSITIVE_INFINITY, deliver, proceed);
      } else {
        this.#stream = opened.stream();
        const { head, all } = await peek(this.#stream);
        const read = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
          await readStream(chunks, cutter, deliver, proceed);
        };
        if (isGzip(head)) await pipeline(all, createGunzip(), read);
        else await read(all);
      }
      if (!proceed()) return;
      for (const batch of cutter.end()) await deliver(batch);
    } finally {
      cutter.release();
    }
  }
}

/** Standard input. */
export function standardInput(around: StreamSurroundings): StreamSource {
  const { stdin } = process;
  const opened = { file: undefined, size: undefined, stream: () => stdin, close: async () => {} };
  return new StreamSource('-', async () => opened, around);
}

/** A file, or a FIFO such as a shell's process substitution. */
export function singleFile(path: string, around: StreamSurroundings): StreamSource {
  return new StreamSource(path, () => openFile(path), around);
}

async function openFile(path: string): Promise<Opened> {
  const file = await open(path);
  const stats = await file.stat();
  const close = (): Promise<void> => file.close();
  if (stats.isFile()) {
    const stream = (): Readable => file.createReadStream({ start: 0, autoClose: false });
    return { file, size: stats.size, stream, close };
  }
  // Read through the event loop: a read that waits in the thread pool would hold up the exit.
  if (stats.isFIFO()) {
    const stream = (): Readable => new Socket({ fd: file.fd, readable: true, writable: false });
    return { file: undefined, size: undefined, stream, close: async () => {} };
  }
  const stream = (): Readable => file.createReadStream({ autoClose: false });
  return { file: undefined, size: undefined, stream, close };
}

async function startsCompressed(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return isGzip(buffer.subarray(0, bytesRead));
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
