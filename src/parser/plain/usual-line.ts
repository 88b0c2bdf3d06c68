/**
 * The fast path: a line in the shape that servers write, with one space between the fields, a time
 * of 26 bytes, a request of at least three words, and right of the time no quote but the six that
 * the format asks for. It gives up on everything else, also on lines that match; the complete path
 * judges those. Where it says yes, the complete path would say the same: the six quotes are the last
 * six, so each of its steps finds them first. (A quote in the time decides nothing.)
 */
import {
  AGENT,
  type Captures,
  HOST,
  REFERER,
  REQUEST,
  SIZE,
  STATUS,
  TIME,
  URL_WORD,
  USER,
} from './captures.js';

/** `22/Nov/2026:08:00:00 +0000` */
const TIME_LENGTH = 26;

/**
 * Matches the line `bytes[start, end)`, with a line end at `end` and none before it, and writes where
 * its captures and its URL lie. False where the complete path has to judge; the captures then mean
 * nothing.
 *
 * One long function, because a call for each field would cost as much as the field. The agent, the
 * longest field, is left to the native search, and the time is not looked at. The search may run back
 * past `start`, but only to the quote before, so over all lines it reads no byte twice. The other
 * scans need no bound: each stops at the line end, or at the quote that ends the referer or the agent.
 */
export function matchUsualLine(
  bytes: Buffer,
  start: number,
  end: number,
  captures: Captures,
): boolean {
  const SPACE = 0x20;
  const MARK = 0x21;
  const QUOTE = 0x22;

  const agentEnd = bytes[end - 1] === 0x0d ? end - 2 : end - 1;
  if (bytes[agentEnd] !== QUOTE || agentEnd <= start) return false;
  const agent = bytes.lastIndexOf(QUOTE, agentEnd - 1) + 1;
  const refererEnd = agent - 3;
  if (refererEnd <= start || bytes[agent - 2] !== SPACE || bytes[refererEnd] !== QUOTE)
    return false;

  let at = start;
  let byte = bytes[at];
  while (byte > SPACE) byte = bytes[++at];
  if (byte !== SPACE || at === start) return false;
  const hostEnd = at;

  const ident = ++at;
  byte = bytes[at];
  while (byte > SPACE) byte = bytes[++at];
  if (byte !== SPACE || at === ident) return false;

  const user = ++at;
  byte = bytes[at];
  while (byte > SPACE) byte = bytes[++at];
  if (byte !== SPACE || at === user || bytes[at + 1] !== 0x5b) return false;
  const userEnd = at;

  const time = at + 2;
  const timeEnd = time + TIME_LENGTH;
  at = timeEnd + 2;
  if (at >= refererEnd || bytes[timeEnd] !== 0x5d) return false;
  if (bytes[timeEnd + 1] !== SPACE || bytes[at] !== QUOTE) return false;

  const request = ++at;
  byte = bytes[at];
  while (byte > QUOTE || byte === MARK) byte = bytes[++at];
  if (byte !== SPACE || at === request) return false;
  const url = ++at;
  byte = bytes[at];
  while (byte > QUOTE || byte === MARK) byte = bytes[++at];
  if (byte !== SPACE || at === url) return false;
  const urlEnd = at;
  while (byte !== QUOTE) byte = bytes[++at];
  if (bytes[at + 1] !== SPACE) return false;
  const requestEnd = at;

  const status = at + 2;
  at = status;
  byte = bytes[at];
  while (byte >= 0x30 && byte <= 0x39) byte = bytes[++at];
  if (byte !== SPACE || at === status) return false;
  const statusEnd = at;

  const size = ++at;
  byte = bytes[at];
  while (byte > QUOTE) byte = bytes[++at];
  if (byte !== SPACE || at === size || bytes[at + 1] !== QUOTE) return false;
  const sizeEnd = at;

  const referer = at + 2;
  at = referer;
  while (bytes[at] !== QUOTE) at += 1;
  if (at !== refererEnd) return false;

  captures[HOST] = start;
  captures[HOST + 1] = hostEnd;
  captures[USER] = user;
  captures[USER + 1] = userEnd;
  captures[TIME] = time;
  captures[TIME + 1] = timeEnd;
  captures[REQUEST] = request;
  captures[REQUEST + 1] = requestEnd;
  captures[STATUS] = status;
  captures[STATUS + 1] = statusEnd;
  captures[SIZE] = size;
  captures[SIZE + 1] = sizeEnd;
  captures[REFERER] = referer;
  captures[REFERER + 1] = refererEnd;
  captures[AGENT] = agent;
  captures[AGENT + 1] = agentEnd;
  captures[URL_WORD] = url;
  captures[URL_WORD + 1] = urlEnd;
  return true;
}
