/** Batches made of text, and answers as text, for the tests of the parser. */
import { expect } from 'vitest';
import { type Answer, NO_KEY, REJECTIONS, rejectionIndex } from '../../src/core/answer.js';
import type { Batch, LineBatch, Origin, OverlongLine } from '../../src/core/batch.js';
import { splitKey } from '../../src/core/keys.js';
import type { Outlet, Parser } from '../../src/core/stages.js';
import { tallyOf } from '../support/answers.js';

export const origin: Origin = {
  name: 'test',
  added() {},
  acknowledged() {},
  memo: () => undefined,
};

export const overlong: OverlongLine = { kind: 'too-long', origin, start: 0, end: 9 };

/** A batch of `text`, one byte a character; it need not end with a line end. */
export function batchOf(text: string): LineBatch {
  return batchOfBytes(Buffer.from(text, 'latin1'));
}

export function batchOfBytes(bytes: Uint8Array): LineBatch {
  return { kind: 'lines', origin, start: 0, end: bytes.length, bytes };
}

export function outletOf(batches: Iterable<Batch>): Outlet {
  const iterator = batches[Symbol.iterator]();
  return { take: () => Promise.resolve(iterator.next().value as Batch | undefined) };
}

/**
 * Of each line the fields of its key, joined by `|`, or the reason why it has none. The answer's
 * tally must be that of its lines.
 */
export function readAnswer(parser: Parser, answer: Answer): string[] {
  const keys = answer.keys();
  const { lines, counts, other, rejected } = answer;
  expect({ lines, counts: [...counts], other, rejected: [...rejected] }).toEqual(counted(keys));
  const texts = new Map<number, string>();
  return Array.from(keys, (key) => {
    const text = texts.get(key) ?? textOf(parser, key);
    texts.set(key, text);
    return text;
  });
}

function counted(keys: Uint32Array) {
  const { counts, other, rejected } = tallyOf(keys);
  return { lines: keys.length, counts: [...counts], other, rejected: [...rejected] };
}

function textOf(parser: Parser, key: number): string {
  if (key === NO_KEY) return 'other';
  if (key > NO_KEY) return REJECTIONS[rejectionIndex(key)];
  const fields = splitKey(parser.keys.bytesOf(key));
  return fields.map((field) => Buffer.from(field).toString('latin1')).join('|');
}

/** What the parser says of each batch, as {@link readAnswer} has it; no key ever leaves. */
export async function answersTo(parser: Parser, batches: Iterable<Batch>): Promise<string[][]> {
  const texts: string[][] = [];
  for await (const answer of parser.answers(outletOf(batches))) {
    texts.push(readAnswer(parser, answer));
    parser.keys.added();
  }
  return texts;
}

/** The same of the lines of one batch. */
export async function parse(parser: Parser, batch: string | Uint8Array): Promise<string[]> {
  const made = typeof batch === 'string' ? batchOf(batch) : batchOfBytes(batch);
  const [answer] = await answersTo(parser, [made]);
  return answer;
}
