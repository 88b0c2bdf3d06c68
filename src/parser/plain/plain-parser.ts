/** The parser in JavaScript: it needs nothing that the kernel needs, and is what that must equal. */
import { type Answer, rejectionCode } from '../../core/answer.js';
import { type Batch, LINE_END, type LineRange } from '../../core/batch.js';
import { BufferSlots } from '../../core/buffer-slots.js';
import { isField } from '../../core/config.js';
import { keyNumbers, withRoom } from '../../core/growth.js';
import type { Outlet, Parser } from '../../core/stages.js';
import { KeyRelease } from '../key-release.js';
import type { PlainOptions } from '../parser-options.js';
import { readError, readLines } from '../read-lines.js';
import { tooLong } from '../too-long.js';
import { createCaptures } from './captures.js';
import { MATCHED, matchCombined } from './combined-line.js';
import { EventKeyAssembly } from './event-key-assembly.js';
import { captureUrl } from './fields.js';
import { type Assembly, KeyAssembly } from './key-assembly.js';
import { BoundedKeyStore } from './key-store.js';
import { Tally } from './tally.js';
import { matchUsualLine } from './usual-line.js';

const BUFFERS = 6;

const TOO_LONG = rejectionCode('too-long');

export class PlainParser implements Parser {
  readonly keys: KeyRelease;
  readonly buffers: BufferSlots;
  readonly #maxLine: number;
  readonly #assembly: Assembly;
  readonly #captures = createCaptures();
  /** What ranges are read into. */
  readonly #range: Uint8Array;
  readonly #tally = new Tally();
  #answers = keyNumbers(0);

  constructor(options: PlainOptions) {
    const { bufferSize, maxLine, by } = options;
    const store = new BoundedKeyStore(options);
    this.#maxLine = maxLine;
    this.#range = new Uint8Array(bufferSize);
    this.keys = new KeyRelease(store);
    this.buffers = new BufferSlots(bufferSize);
    for (let i = 0; i < BUFFERS; i += 1) {
      const memory = new ArrayBuffer(bufferSize);
      this.buffers.add({ memory, offsets: [0], isReady: () => true });
    }
    this.#assembly = by.every(isField)
      ? new KeyAssembly(by, store)
      : new EventKeyAssembly(by, store, maxLine);
  }

  async *answers(outlet: Outlet): AsyncGenerator<Answer> {
    for (let batch = await outlet.take(); batch; batch = await outlet.take()) {
      this.keys.begin();
      yield this.#answer(batch);
    }
  }

  expect(): void {}

  close(): void {}

  #answer(batch: Batch): Answer {
    switch (batch.kind) {
      case 'lines':
        this.#assembly.begin(batch.events);
        return this.#parse(batch, batch.bytes);
      case 'range':
        this.#assembly.begin(undefined);
        return this.#parse(batch, this.#read(batch));
      case 'too-long':
        return tooLong(batch);
    }
  }

  #read(range: LineRange): Uint8Array {
    const into = this.#range.subarray(0, range.end - range.start);
    const { length, errno } = readLines(range.descriptor, into, range.start);
    if (errno !== 0) range.failed(readError(errno));
    return into.subarray(0, length);
  }

  #parse(batch: Batch, bytes: Uint8Array): Answer {
    const lines = this.#parseLines(bufferView(bytes));
    const answers = this.#answers.subarray(0, lines);
    this.#tally.take(answers, this.keys.limit);
    const { counts, other, rejected } = this.#tally;
    return { batch, bytes, lines, counts, other, rejected, keys: () => answers };
  }

  /** Gives the number of lines. */
  #parseLines(bytes: Buffer): number {
    const captures = this.#captures;
    const assembly = this.#assembly;
    let line = 0;
    for (let start = 0; start < bytes.length; line += 1) {
      const found = bytes.indexOf(LINE_END, start);
      const end = found < 0 ? bytes.length : found;
      this.#reserve(line + 1);
      if (end - start > this.#maxLine) {
        this.#answers[line] = TOO_LONG;
      } else if (found > 0 && matchUsualLine(bytes, start, end, captures)) {
        this.#answers[line] = assembly.keyOf(bytes, captures);
      } else {
        this.#answers[line] = this.#answerTo(bytes, start, end);
      }
      start = end + 1;
    }
    return line;
  }

  #reserve(lines: number): void {
    if (lines > this.#answers.length) this.#answers = withRoom(this.#answers, lines, keyNumbers);
  }

  /** The complete path. */
  #answerTo(bytes: Buffer, start: number, end: number): number {
    const rejected = matchCombined(bytes, start, end, this.#captures);
    if (rejected !== MATCHED) return rejected;
    captureUrl(bytes, this.#captures);
    return this.#assembly.keyOf(bytes, this.#captures);
  }
}

/** A Buffer for its native search; and so all batches are of one class, for which V8 compiles. */
function bufferView(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
