/**
 * Says in the log where the first line of each kind of rejection stands, so that a log in another
 * format does not look like no traffic. One entry a kind and run: the totals tell how many there are.
 */
import { type Answer, REJECTIONS, type Rejection, rejectionCode } from '../core/answer.js';
import { LINE_END } from '../core/batch.js';
import { escapeBytes } from '../core/escape.js';
import type { Logger } from '../core/logger.js';

/** Of the line itself, what is shown at most. */
const SHOWN_BYTES = 120;

export class RejectionNotice {
  readonly #log: Logger;
  readonly #said = new Set<Rejection>();

  constructor(log: Logger) {
    this.#log = log;
  }

  look(answer: Answer): void {
    const { rejected } = answer;
    const unsaid = REJECTIONS.filter((reason, at) => rejected[at] > 0 && !this.#said.has(reason));
    if (unsaid.length === 0) return;
    const keys = answer.keys();
    unsaid
      .map((reason) => ({ reason, line: keys.indexOf(rejectionCode(reason)) }))
      .sort((one, other) => one.line - other.line)
      .forEach(({ reason, line }) => {
        this.#say(answer, reason, line);
      });
  }

  #say({ batch, bytes }: Answer, reason: Rejection, line: number): void {
    this.#said.add(reason);
    const at = lineStart(bytes, line);
    this.#log.warn('A line is rejected, the first for this reason.', {
      reason,
      file: batch.origin.name,
      byte: batch.start + at,
      ...(batch.kind === 'too-long' ? {} : { line: shown(bytes, at) }),
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
