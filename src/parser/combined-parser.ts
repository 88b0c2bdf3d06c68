/** The parser of the combined log format: says of each line which key it has. */
import { type Answer, rejectionCode } from '../core/answer.js';
import { type Batch, LINE_END, type LineBatch } from '../core/batch.js';
import type { Field } from '../core/config.js';
import { keyNumbers, withRoom } from '../core/growth.js';
import type { Parser } from '../core/stages.js';
import { createCaptures } from './captures.js';
import { MATCHED, matchCombined } from './combined-line.js';
import { captureUrl } from './fields.js';
import { KeyAssembly } from './key-assembly.js';
import { BoundedKeyTable, type KeyBounds } from './key-table.js';
import { matchUsualLine } from './usual-line.js';

interface ParserOptions extends KeyBounds {
  /** At least one; a key is made of these, in this order. */
  readonly by: readonly Field[];
}

const TOO_LONG = rejectionCode('too-long');

export function createParser(options: ParserOptions): Parser {
  return new CombinedParser(options);
}

class CombinedParser implements Parser {
  readonly keys: BoundedKeyTable;
  readonly #assembly: KeyAssembly;
  readonly #captures = createCaptures();
  #answers = keyNumbers(0);

  constructor(options: ParserOptions) {
    this.keys = new BoundedKeyTable(options);
    this.#assembly = new KeyAssembly(options.by, this.keys);
  }

  parse(batch: Batch): Answer {
    const turn = this.keys.beginTurn();
    this.#answers = withRoom(this.#answers, batch.lines, keyNumbers);
    this.#fill(batch);
    return { batch, keys: this.#answers.subarray(0, batch.lines), turn };
  }

  #fill(batch: Batch): void {
    switch (batch.kind) {
      case 'lines':
        this.#parseLines(batch);
        break;
      case 'too-long':
        this.#answers[0] = TOO_LONG;
    }
  }

  #parseLines(batch: LineBatch): void {
    const answers = this.#answers;
    const captures = this.#captures;
    const assembly = this.#assembly;
    const bytes = bufferView(batch.bytes);
    let start = 0;
    for (let line = 0; line < batch.lines; line += 1) {
      const end = bytes.indexOf(LINE_END, start);
      if (end > 0 && matchUsualLine(bytes, start, end, captures)) {
        answers[line] = assembly.keyOf(bytes, captures);
      } else {
        answers[line] = this.#answerTo(bytes, start, end < 0 ? bytes.length : end);
      }
      start = end + 1;
    }
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
