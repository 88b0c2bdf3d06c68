/** Makes a line's key of its captures: finds the fields asked for, and puts them together. */
import { NO_FIELD } from './answers';
import {
  AGENT,
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
import { fieldCount, fieldsAt, scratchAt } from './memory';
import { spaceEnd, wordEnd } from './white-space';

// The places of the fields in `FIELDS` of core/config.ts.
const URL: u8 = 0;
const PATH: u8 = 1;
const QUERY: u8 = 2;
const METHOD: u8 = 3;
const PROTOCOL: u8 = 4;
const STATUS_FIELD: u8 = 5;
const SIZE_FIELD: u8 = 6;
const HOST_FIELD: u8 = 7;
const USER_FIELD: u8 = 8;
const REFERER_FIELD: u8 = 9;
const AGENT_FIELD: u8 = 10;

const QUESTION_MARK: u32 = 0x3f;
/** Between the fields of a key: see `FIELD_SEPARATOR` in core/keys.ts. */
const SEPARATOR: u8 = 0x0a;

/** Where the field, or the key, that was found lies. */
export let foundAt: usize = 0;
export let foundEnd: usize = 0;

let scratchUsed: usize = 0;

/** What was put together before is not needed any more. */
export function clearScratch(): void {
  scratchUsed = 0;
}

/** Finds the key of the line at hand. False where the request has too few words for a field. */
// @ts-ignore: decorator
@inline
export function findKey(): bool {
  return fieldCount == 1 ? findField(load<u8>(fieldsAt)) : joinFields();
}

function joinFields(): bool {
  const start = scratchAt + scratchUsed;
  let to = start;
  for (let i: u32 = 0; i < fieldCount; i++) {
    if (!findField(load<u8>(fieldsAt + i))) return false;
    if (i > 0) store<u8>(to++, SEPARATOR);
    memory.copy(to, foundAt, foundEnd - foundAt);
    to += foundEnd - foundAt;
  }
  scratchUsed = to - scratchAt;
  found(start, to);
  return true;
}

// @ts-ignore: decorator
@inline
function found(start: usize, end: usize): void {
  foundAt = start;
  foundEnd = end;
}

// @ts-ignore: decorator
@inline
function findField(field: u8): bool {
  if (field == URL) return findUrl();
  return findOther(field);
}

/** The only way for a field to be missing is a request with too few words; an empty one is a value. */
function findOther(field: u8): bool {
  switch (field) {
    case PATH:
      return findPath();
    case QUERY:
      return findQuery();
    case METHOD:
      return findWord(1);
    case PROTOCOL:
      return findWord(3);
    default:
      return findCapture(captureOf(field));
  }
}

function captureOf(field: u8): usize {
  switch (field) {
    case STATUS_FIELD:
      return STATUS;
    case SIZE_FIELD:
      return SIZE;
    case HOST_FIELD:
      return HOST;
    case USER_FIELD:
      return USER;
    case REFERER_FIELD:
      return REFERER;
    case AGENT_FIELD:
      return AGENT;
    default:
      return TIME;
  }
}

function findCapture(slot: usize): bool {
  found(startOf(slot), endOf(slot));
  return true;
}

// @ts-ignore: decorator
@inline
function findUrl(): bool {
  found(startOf(URL_WORD), endOf(URL_WORD));
  return foundEnd > foundAt;
}

function findPath(): bool {
  if (!findUrl()) return false;
  foundEnd = questionMark();
  return true;
}

function findQuery(): bool {
  if (!findUrl()) return false;
  foundAt = min(questionMark() + 1, foundEnd);
  return true;
}

/** The place of the first `?` in what was found, or its end. */
function questionMark(): usize {
  let at = foundAt;
  while (at < foundEnd && <u32>load<u8>(at) != QUESTION_MARK) at++;
  return at;
}

/** The n-th word of the request, from 1; white space before the first is no word. */
function findWord(n: u32): bool {
  const to = endOf(REQUEST);
  let at = spaceEnd(startOf(REQUEST), to);
  for (let word: u32 = 1; word < n; word++) at = spaceEnd(wordEnd(at, to), to);
  found(at, wordEnd(at, to));
  return foundEnd > foundAt;
}
