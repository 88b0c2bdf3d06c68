/**
 * Says in the log where the first line of each kind of rejection stands, so that a log in another
 * format does not look like no traffic. One entry a kind and run: the totals tell how many there are.
 */
import { type Answer, REJECTIONS, rejectionIndex } from '../core/answer.js';
import { LINE_END } from '../core/batch.js';
import { escapeBytes } from '../core/escape.js';
import type { Logger } from '../core/logger.js';

/** Of the line itself, what is shown at most. */
const SHOWN_BYTES = 120;

export class RejectionNotice {
  readonly #log: Logger;
  readonly #said = new Set<number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  look(answer: Answer): void {
    const { keys } = answer;
    for (let line = 0; line < keys.length; line += 1) {
      const index = rejectionIndex(keys[line]);
      if (index >= 0 && !this.#said.has(index)) this.#say(answer, line, index);
    }
  }

  #say({ batch }: Answer, line: number, index: number): void {
    this.#said.add(index);
    const at = batch.kind === 'lines' ? lineStart(batch.bytes, line) : 0;
    this.#log.warn('A line is rejected, the first for this reason.', {
      reason: REJECTIONS[index],
      file: batch.origin.name,
      byte: batch.start + at,
      ...(batch.kind === 'lines' ? { line: shown(batch.bytes, at) } : {}),
    });
  }
}

function lineStart(bytes: Uint8Array, line: number): number {
  let start = 0;
  for (let before = 0; before < line; before += 1) start = bytes.indexOf(LINE_END, start) + 1;
  return start;
}

function shown(bytes: Uint8Array, start: number): string {
  const end = bytes.indexOf(LINE_END, start);
  const line = bytes.subarray(start, end < 0 ? bytes.length : end);
  return escapeBytes(line.subarray(0, SHOWN_BYTES), 'terminal');
}
