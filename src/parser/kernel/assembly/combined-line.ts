/**
 * The complete path: any line against the combined format, in time linear in its length.
 *
 * The expression that defines the format backtracks, but every choice in it is forced (see
 * docs/architecture.md, "The combined format, exactly"): the left end is found from the left, all
 * else from the right, each step taking the last place that fits. The steps walk over the line's
 * quotes, which are known by now; what a step reads around one quote is white space or a word that
 * belongs to no other quote, so no byte is read more than a few times.
 */
import { BLANK, MATCHED, NO_AGENT, NO_HOST, NO_REFERER, NO_REQUEST, NO_STATUS } from './answers';
import {
  AGENT,
  capture,
  endOf,
  HOST,
  REFERER,
  REQUEST,
  SIZE,
  STATUS,
  startOf,
  TIME,
  URL_WORD,
  USER,
} from './captures';
import { isSpace, spaceEnd, spaceStart, wordEnd } from './white-space';

const QUOTE: u32 = 0x22;
const OPEN_BRACKET: u32 = 0x5b;
const CLOSE_BRACKET: u32 = 0x5d;
const DIGIT_0: u32 = 0x30;
const NINE: u32 = 9;

/** The address of the quote at this place among the marks. */
// @ts-ignore: decorator
@inline
function quoteAt(mark: usize): usize {
  return <usize>load<u32>(mark);
}

/**
 * Matches the line `[start, end)`, whose quotes are the marks in `[first, last)`, and notes its
 * captures and its URL. Gives `MATCHED`, or why not; the captures then mean nothing.
 */
export function matchCombined(start: usize, end: usize, first: usize, last: usize): u32 {
  const lineEnd = spaceStart(start, end);
  if (lineEnd == start) return BLANK;
  const bracket = matchWords(start, lineEnd);
  if (bracket == 0) return NO_HOST;
  if (<u32>load<u8>(lineEnd - 1) != QUOTE) return NO_AGENT;
  const refererEnd = findReferer(bracket, first, last - 4);
  if (refererEnd == 0) return NO_REFERER;
  const requestEnd = findStatus(bracket, first, refererEnd);
  if (requestEnd == 0) return NO_STATUS;
  if (!findRequest(bracket, first, requestEnd)) return NO_REQUEST;
  captureUrl();
  return MATCHED;
}

/** Host, ident and user from the left. Gives the place of the `[` that follows, or 0. */
function matchWords(start: usize, end: usize): usize {
  const hostEnd = wordEnd(start, end);
  if (hostEnd == start) return 0;
  const ident = spaceEnd(hostEnd, end);
  const user = spaceEnd(wordEnd(ident, end), end);
  const userEnd = wordEnd(user, end);
  const bracket = spaceEnd(userEnd, end);
  if (bracket == end || <u32>load<u8>(bracket) != OPEN_BRACKET) return 0;
  capture(HOST, start, hostEnd);
  capture(USER, user, userEnd);
  return bracket;
}

/**
 * The last `"`, white space, `"` before the agent's end, which is the quote at `agentEnd`: the
 * referer ends, the agent begins. Gives the mark of the referer's end, or 0.
 */
function findReferer(bracket: usize, first: usize, agentEnd: usize): usize {
  for (let mark = agentEnd - 4; mark > first && quoteAt(mark) > bracket; mark -= 4) {
    const quote = quoteAt(mark);
    const before = spaceStart(bracket, quote) - 1;
    if (before + 1 == quote || <u32>load<u8>(before) != QUOTE) continue;
    capture(AGENT, quote + 1, quoteAt(agentEnd));
    return mark - 4;
  }
  return 0;
}

/**
 * The last `"`, digits, word, `"` before the referer's end, with white space between them. Gives the
 * mark of the first of these quotes, or 0.
 */
function findStatus(bracket: usize, first: usize, refererEnd: usize): usize {
  for (let mark = refererEnd - 4; mark >= first && quoteAt(mark) > bracket; mark -= 4) {
    if (matchStatus(quoteAt(mark), quoteAt(refererEnd))) return mark;
  }
  return 0;
}

/** Forwards from the request's end. Words end at white space or at `to`, so none can touch the next. */
function matchStatus(quote: usize, to: usize): bool {
  const status = spaceEnd(quote + 1, to);
  if (status == quote + 1) return false;
  const statusEnd = digitsEnd(status, to);
  const size = spaceEnd(statusEnd, to);
  if (size == statusEnd) return false;
  const sizeEnd = wordEnd(size, to);
  const referer = spaceEnd(sizeEnd, to);
  if (referer == to || <u32>load<u8>(referer) != QUOTE) return false;
  capture(STATUS, status, statusEnd);
  capture(SIZE, size, sizeEnd);
  capture(REFERER, referer + 1, to);
  return true;
}

function digitsEnd(from: usize, to: usize): usize {
  let at = from;
  while (at < to && <u32>load<u8>(at) - DIGIT_0 <= NINE) at++;
  return at;
}

/** The last `]`, white space, `"` that leaves at least a byte for the time and for the request. */
function findRequest(bracket: usize, first: usize, requestEnd: usize): bool {
  const end = quoteAt(requestEnd);
  for (let mark = requestEnd - 4; mark >= first && quoteAt(mark) > bracket; mark -= 4) {
    const quote = quoteAt(mark);
    if (quote + 1 == end || !isSpace(load<u8>(quote - 1))) continue;
    const before = spaceStart(bracket, quote) - 1;
    if (<u32>load<u8>(before) != CLOSE_BRACKET || before < bracket + 2) continue;
    capture(TIME, bracket + 1, before);
    capture(REQUEST, quote + 1, end);
    return true;
  }
  return false;
}

/** The second word of the request, empty where there is none. */
function captureUrl(): void {
  const to = endOf(REQUEST);
  const method = spaceEnd(startOf(REQUEST), to);
  const url = spaceEnd(wordEnd(method, to), to);
  capture(URL_WORD, url, wordEnd(url, to));
}
