/**
 * The complete path: any line against the combined format, in time linear in its length.
 *
 * The expression that defines the format backtracks, but every choice in it is forced (see
 * docs/architecture.md, "The combined format, exactly"): the left end is found from the left, all else
 * from the right, each step taking the last place that fits. A step looks only at the quotes left of
 * what the step before found, and what it reads around one quote is white space or a word that
 * belongs to no other quote; so no byte is read more than a few times.
 */
import { rejectionCode } from '../../core/answer.js';
import {
  AGENT,
  type Captures,
  HOST,
  REFERER,
  REQUEST,
  SIZE,
  STATUS,
  TIME,
  USER,
} from './captures.js';
import { isSpace, spaceEnd, spaceStart, wordEnd } from './white-space.js';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

const BLANK = rejectionCode('blank');
const NO_HOST = rejectionCode('no-host');
const NO_AGENT = rejectionCode('no-agent');
const NO_REFERER = rejectionCode('no-referer');
const NO_STATUS = rejectionCode('no-status');
const NO_REQUEST = rejectionCode('no-request');

/** What {@link matchCombined} gives for a line that matches. */
export const MATCHED = 0;

/**
 * Matches the line `bytes[start, end)`, which holds no line end, and writes where its captures lie.
 * Gives {@link MATCHED}, or the code of the rejection; the captures then mean nothing.
 */
export function matchCombined(
  bytes: Uint8Array,
  start: number,
  end: number,
  captures: Captures,
): number {
  const lineEnd = spaceStart(bytes, start, end);
  if (lineEnd === start) return BLANK;
  const bracket = matchWords(bytes, start, lineEnd, captures);
  if (bracket < 0) return NO_HOST;
  const agentEnd = lineEnd - 1;
  if (bytes[agentEnd] !== QUOTE) return NO_AGENT;
  captures[AGENT + 1] = agentEnd;
  if (!findReferer(bytes, bracket, agentEnd, captures)) return NO_REFERER;
  if (!findStatus(bytes, bracket, captures)) return NO_STATUS;
  return findRequest(bytes, bracket, captures) ? MATCHED : NO_REQUEST;
}

/** Host, ident and user from the left. Gives the place of the `[` that follows, or -1. */
function matchWords(bytes: Uint8Array, start: number, end: number, captures: Captures): number {
  const hostEnd = wordEnd(bytes, start, end);
  if (hostEnd === start) return -1;
  const ident = spaceEnd(bytes, hostEnd, end);
  const user = spaceEnd(bytes, wordEnd(bytes, ident, end), end);
  const userEnd = wordEnd(bytes, user, end);
  const bracket = spaceEnd(bytes, userEnd, end);
  if (bracket === end || bytes[bracket] !== OPEN_BRACKET) return -1;
  captures[HOST] = start;
  captures[HOST + 1] = hostEnd;
  captures[USER] = user;
  captures[USER + 1] = userEnd;
  captures[TIME] = bracket + 1;
  return bracket;
}

/** The last `"`, white space, `"` before the agent's end: the referer ends, the agent begins. */
function findReferer(
  bytes: Uint8Array,
  bracket: number,
  agentEnd: number,
  captures: Captures,
): boolean {
  for (let quote = agentEnd - 1; quote > bracket; quote -= 1) {
    if (bytes[quote] !== QUOTE) continue;
    const before = spaceStart(bytes, bracket, quote) - 1;
    if (before + 1 === quote || bytes[before] !== QUOTE) continue;
    captures[REFERER + 1] = before;
    captures[AGENT] = quote + 1;
    return true;
  }
  return false;
}

/** The last `"`, digits, word, `"` before the referer's end, with white space between them. */
function findStatus(bytes: Uint8Array, bracket: number, captures: Captures): boolean {
  const refererEnd = captures[REFERER + 1];
  for (let quote = refererEnd - 1; quote > bracket; quote -= 1) {
    if (bytes[quote] === QUOTE && matchStatus(bytes, quote, refererEnd, captures)) return true;
  }
  return false;
}

/** Forwards from the request's end. Words end at white space or at `to`, so none can touch the next. */
function matchStatus(bytes: Uint8Array, quote: number, to: number, captures: Captures): boolean {
  const status = spaceEnd(bytes, quote + 1, to);
  if (status === quote + 1) return false;
  const statusEnd = digitsEnd(bytes, status, to);
  const size = spaceEnd(bytes, statusEnd, to);
  if (size === statusEnd) return false;
  const sizeEnd = wordEnd(bytes, size, to);
  const referer = spaceEnd(bytes, sizeEnd, to);
  if (referer === to || bytes[referer] !== QUOTE) return false;
  captures[REQUEST + 1] = quote;
  captures[STATUS] = status;
  captures[STATUS + 1] = statusEnd;
  captures[SIZE] = size;
  captures[SIZE + 1] = sizeEnd;
  captures[REFERER] = referer + 1;
  return true;
}

function digitsEnd(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] >= DIGIT_0 && bytes[at] <= DIGIT_9) at += 1;
  return at;
}

/** The last `]`, white space, `"` that leaves at least a byte for the time and for the request. */
function findRequest(bytes: Uint8Array, bracket: number, captures: Captures): boolean {
  for (let quote = captures[REQUEST + 1] - 2; quote > bracket; quote -= 1) {
    if (bytes[quote] !== QUOTE || !isSpace(bytes[quote - 1])) continue;
    const before = spaceStart(bytes, bracket, quote) - 1;
    if (bytes[before] !== CLOSE_BRACKET || before < bracket + 2) continue;
    captures[TIME + 1] = before;
    captures[REQUEST] = quote + 1;
    return true;
  }
  return false;
}
