/** What a line's fields are, once its captures are known. */
import type { Field } from '../../core/config.js';
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
import { spaceEnd, wordEnd } from './white-space.js';

const QUESTION_MARK = 0x3f;

/** A start and an end in the batch's bytes; one array serves all lines. */
export type Extent = Int32Array;

export function createExtent(): Extent {
  return new Int32Array(2);
}

/**
 * Writes to `extent` where `field` lies in the line that `captures` describes. False where the
 * request has too few words for it; that is the only way for a field to be missing, an empty one
 * (the query of a URL without `?`, an empty referer) is a value.
 */
export function findField(
  field: Field,
  bytes: Uint8Array,
  captures: Captures,
  extent: Extent,
): boolean {
  switch (field) {
    case 'url':
      return findUrl(captures, extent);
    case 'path':
      return findPath(bytes, captures, extent);
    case 'query':
      return findQuery(bytes, captures, extent);
    case 'method':
      return findWord(1, bytes, captures, extent);
    case 'protocol':
      return findWord(3, bytes, captures, extent);
    case 'status':
      return copyCapture(STATUS, captures, extent);
    case 'size':
      return copyCapture(SIZE, captures, extent);
    case 'host':
      return copyCapture(HOST, captures, extent);
    case 'user':
      return copyCapture(USER, captures, extent);
    case 'referer':
      return copyCapture(REFERER, captures, extent);
    case 'agent':
      return copyCapture(AGENT, captures, extent);
    case 'time':
      return copyCapture(TIME, captures, extent);
  }
}

/** Completes the captures of a line: the second word of its request, empty where there is none. */
export function captureUrl(bytes: Uint8Array, captures: Captures): void {
  const to = captures[REQUEST + 1];
  const url = wordStart(2, bytes, captures);
  captures[URL_WORD] = url;
  captures[URL_WORD + 1] = wordEnd(bytes, url, to);
}

function copyCapture(capture: number, captures: Captures, extent: Extent): true {
  extent[0] = captures[capture];
  extent[1] = captures[capture + 1];
  return true;
}

/** Where the n-th word of the request starts, from 1; white space before the first is no word. */
function wordStart(n: number, bytes: Uint8Array, captures: Captures): number {
  const to = captures[REQUEST + 1];
  let at = spaceEnd(bytes, captures[REQUEST], to);
  for (let word = 1; word < n; word += 1) at = spaceEnd(bytes, wordEnd(bytes, at, to), to);
  return at;
}

function findWord(n: number, bytes: Uint8Array, captures: Captures, extent: Extent): boolean {
  const start = wordStart(n, bytes, captures);
  extent[0] = start;
  extent[1] = wordEnd(bytes, start, captures[REQUEST + 1]);
  return extent[1] > start;
}

function findUrl(captures: Captures, extent: Extent): boolean {
  copyCapture(URL_WORD, captures, extent);
  return extent[1] > extent[0];
}

function findPath(bytes: Uint8Array, captures: Captures, extent: Extent): boolean {
  if (!findUrl(captures, extent)) return false;
  extent[1] = questionMark(bytes, extent);
  return true;
}

function findQuery(bytes: Uint8Array, captures: Captures, extent: Extent): boolean {
  if (!findUrl(captures, extent)) return false;
  extent[0] = Math.min(questionMark(bytes, extent) + 1, extent[1]);
  return true;
}

/** The place of the first `?` in `extent`, or its end. */
function questionMark(bytes: Uint8Array, extent: Extent): number {
  let at = extent[0];
  while (at < extent[1] && bytes[at] !== QUESTION_MARK) at += 1;
  return at;
}
