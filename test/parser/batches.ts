/** Batches made of text, for the tests of the parser. */
import { type Answer, NO_KEY, REJECTIONS, rejectionIndex } from '../../src/core/answer.js';
import type { LineBatch, Origin } from '../../src/core/batch.js';
import { splitKey } from '../../src/core/keys.js';
import type { Parser } from '../../src/core/stages.js';

export const origin: Origin = { name: 'test', added() {}, acknowledged() {} };

/** A batch of `text`, one byte a character; it need not end with a line end. */
export function batchOf(text: string): LineBatch {
  return batchOfBytes(Buffer.from(text, 'latin1'));
}

export function batchOfBytes(bytes: Uint8Array): LineBatch {
  const ends = bytes.filter((byte) => byte === 0x0a).length;
  const lines = bytes.at(-1) === 0x0a ? ends : ends + 1;
  return { kind: 'lines', origin, start: 0, end: bytes.length, bytes, lines };
}

/** Of each line the fields of its key, joined by `|`, or the reason why it has none. */
export function readAnswer(parser: Parser, answer: Answer): string[] {
  return Array.from(answer.keys, (key) => {
    if (key === NO_KEY) return 'other';
    if (key > NO_KEY) return REJECTIONS[rejectionIndex(key)];
    const fields = splitKey(parser.keys.bytesOf(key));
    return fields.map((field) => Buffer.from(field).toString('latin1')).join('|');
  });
}
