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
  readonly #said = new Set<number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  look(answer: Answer): void {
    const isNew = (lines: number, index: number): boolean => lines > 0 && !this.#said.has(index);
    if (!answer.rejected.some(isNew)) return;
    const keys = answer.keys();
    const first = (reason: Rejection): number => keys.indexOf(rejectionCode(reason));
    REJECTIONS.filter((_, index) => isNew(answer.rejected[index], index))
      .sort((one, other) => first(one) - first(other))
      .forEach((reason) => {
        this.#say(answer, reason, first(reason));
      });
  }

  #say({ batch, bytes }: Answer, reason: Rejection, line: number): void {
    this.#said.add(REJECTIONS.indexOf(reason));
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
