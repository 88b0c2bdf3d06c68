/**
 * The fast path: a line in the shape that servers write, with one space between the fields, a time
 * of 26 bytes, a status of three digits, a request of at least three words, and exactly six quotes.
 * It gives up on everything else, also on lines that match; the complete path judges those. Where it
 * says yes, the complete path would say the same: each of its steps looks for the last quotes that
 * fit, and the six that there are do.
 *
 *     host ident user [22/Nov/2026:08:00:00 +0000] "GET /url HTTP/1.1" 200 5316 "referer" "agent"
 *                     |<--------- TIME_GAP --------->q0                q1         q2      q3 q4   q5
 */
import { AGENT, capture, HOST, REFERER, REQUEST, SIZE, STATUS, TIME, URL_WORD, USER } from './captures';
import { lowMask16, lowMask32, lowMask64, SPACE } from './white-space';

/** From the space before the time to the quote of the request: ` [`, 26 bytes, `] `. */
const TIME_GAP: usize = 30;
/** Host, ident and user with the spaces between them; longer ones are left to the complete path. */
const LONGEST_HEAD: usize = 32;
/** From quote to quote: `" 200 5 "`, and `" 200 `, ten digits, ` "`. */
const SHORTEST_STATUS: usize = 8;
const LONGEST_STATUS: usize = 17;

// Bytes as a little-endian number has them.
const QUOTE_LINE_END: u32 = 0x0a22;
const QUOTE_RETURN_END: u32 = 0x0a_0d22;
const QUOTE_SPACE: u32 = 0x2022;
const SPACE_QUOTE: u32 = 0x2220;
const QUOTE_SPACE_QUOTE: u32 = 0x22_2022;
const BRACKET_SPACE_QUOTE: u32 = 0x22_205d;
const SPACE_BRACKET: u32 = 0x5b20;
const THREE_BYTES: u32 = 0xff_ffff;

/**
 * Matches the line at `start` whose quotes and line end are the next seven marks, at `marks`, and
 * notes its captures and its URL. False where the complete path has to judge; the captures then mean
 * nothing.
 */
// @ts-ignore: decorator
@inline
export function matchUsualLine(start: usize, marks: usize): bool {
  const q0 = <usize>load<u32>(marks);
  const q1 = <usize>load<u32>(marks, 4);
  const q2 = <usize>load<u32>(marks, 8);
  const q3 = <usize>load<u32>(marks, 12);
  const q4 = <usize>load<u32>(marks, 16);
  const q5 = <usize>load<u32>(marks, 20);
  const end = <usize>load<u32>(marks, 24);
  if (!isLineEnd(q5, end)) return false;
  if (q4 - q3 != 2 || (load<u32>(q3) & THREE_BYTES) != QUOTE_SPACE_QUOTE) return false;
  if ((load<u32>(q0 - 2) & THREE_BYTES) != BRACKET_SPACE_QUOTE) return false;
  if (!matchHead(start, q0 - TIME_GAP)) return false;
  if (!matchStatus(q1, q2)) return false;
  if (!matchRequest(q0 + 1, q1)) return false;
  capture(TIME, q0 - TIME_GAP + 2, q0 - 2);
  capture(REFERER, q2 + 1, q3);
  capture(AGENT, q4 + 1, q5);
  return true;
}

/** Whether the line ends with the quote `quote`, perhaps `\r`, and the line end `end`. */
// @ts-ignore: decorator
@inline
function isLineEnd(quote: usize, end: usize): bool {
  if (end - quote == 1) return <u32>load<u16>(quote) == QUOTE_LINE_END;
  return end - quote == 2 && (load<u32>(quote) & THREE_BYTES) == QUOTE_RETURN_END;
}

/** Three words with one space between them in `[start, end)`, then ` [`. */
// @ts-ignore: decorator
@inline
function matchHead(start: usize, end: usize): bool {
  const length = end - start;
  // Where the time is no time, `end` may lie before `start`: then this is very large.
  if (length > LONGEST_HEAD || <u32>load<u16>(end) != SPACE_BRACKET) return false;
  const inside = <u32>((<u64>1 << length) - 1);
  const low = lowMask32(start) & inside;
  const second = low & (low - 1);
  if (second == 0 || (second & (second - 1)) != 0) return false;
  // No word is empty: not the first, nor the one in the middle, nor the last.
  if ((low & 1) != 0 || (low & (low << 1)) != 0 || second >> (<u32>length - 1) != 0) return false;
  const hostEnd = start + <usize>ctz(low);
  const identEnd = start + <usize>ctz(second);
  if (<u32>load<u8>(hostEnd) != SPACE || <u32>load<u8>(identEnd) != SPACE) return false;
  capture(HOST, start, hostEnd);
  capture(USER, identEnd + 1, end);
  return true;
}

/** A quote, a space, three digits, a space, a word, a space, a quote. */
// @ts-ignore: decorator
@inline
function matchStatus(from: usize, to: usize): bool {
  const length = to - from;
  if (length < SHORTEST_STATUS || length > LONGEST_STATUS) return false;
  if (<u32>load<u16>(from) != QUOTE_SPACE || <u32>load<u16>(to - 1) != SPACE_QUOTE) return false;
  // Behind the quote, no white space but the three spaces.
  const last = <u32>1 << (<u32>length - 2);
  if ((lowMask16(from + 1) & (last + last - 1)) != (1 | (1 << 4) | last)) return false;
  if (!areDigitsAndSpace(load<u32>(from + 2))) return false;
  capture(STATUS, from + 2, from + 5);
  capture(SIZE, from + 6, to - 1);
  return true;
}

/**
 * Three digits and a space at once. The upper half of a digit is 3, also when 6 is added: `:`, which
 * follows `9`, would make it 4.
 */
// @ts-ignore: decorator
@inline
function areDigitsAndSpace(four: u32): bool {
  return ((four & 0xfff0_f0f0) | (((four + 0x06_0606) & 0xf0_f0f0) >> 4)) == 0x2033_3333;
}

/** A word, a space, a word, a space; what follows is not looked at. The request ends at `to`. */
// @ts-ignore: decorator
@inline
function matchRequest(from: usize, to: usize): bool {
  let low = lowMask64(from);
  const methodEnd = from + <usize>ctz(low);
  if (low == 0 || methodEnd == from || <u32>load<u8>(methodEnd) != SPACE) return false;
  const url = methodEnd + 1;
  low &= low - 1;
  let at = from;
  while (low == 0 && at < to) {
    at += 64;
    low = lowMask64(at);
  }
  const end = at + <usize>ctz(low);
  if (end >= to || end == url || <u32>load<u8>(end) != SPACE) return false;
  capture(REQUEST, from, to);
  capture(URL_WORD, url, end);
  return true;
}
