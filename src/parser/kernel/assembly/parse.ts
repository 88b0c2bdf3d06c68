/**
 * From bytes to key numbers, a strip at a time: find the marks, match the lines, look up the keys.
 * Each step runs over a whole strip before the next, so that its loop is small and what it reads and
 * writes stays in the processor's nearest cache.
 */
import { MATCHED, NO_FIELD, TOO_LONG } from './answers';
import { matchCombined } from './combined-line';
import { clearScratch, findKey, foundAt, foundEnd } from './fields';
import { hashOf } from './hash';
import { intern } from './key-table';
import { findMarks } from './marks';
import { marksAt, maxLine, recordsAt } from './memory';
import { beginTally, endTally, tally } from './tally';
import { matchUsualLine } from './usual-line';

const STRIP: usize = 16 * 1024;
const LINE_END: u8 = 0x0a;

// Of a mark, and of a record: where a key lies, its length, its hash.
const MARK: usize = 4;
const RECORD: usize = 12;
/** In place of a length: there is no key, and the answer stands in place of the hash. */
const NO_KEY: u32 = 0xffff_ffff;
/** A usual line: six quotes and its end. */
const USUAL_MARKS: usize = 7 * MARK;

// Of the line at hand: its start, its first mark, and from where on to look for its end.
let lineStart: usize = 0;
let firstMark: usize = 0;
let unsearched: usize = 0;

/** The end of the marks that were found. */
let marksEnd: usize = 0;
/** The end of the records of the strip. */
let recordsEnd: usize = 0;

/**
 * Says of each line in `[from, to)` which key it has, or why it has none: 4 bytes a line at
 * `answers`, and a tally of them at `tallyTo` (`tally.ts`). Gives the number of lines. A last line
 * without an end counts too: the byte at `to` is overwritten with one.
 */
export function parse(from: usize, to: usize, answers: usize, tallyTo: usize): u32 {
  const end = withLineEnd(from, to);
  beginTally(tallyTo);
  let answersEnd = answers;
  lineStart = from;
  firstMark = unsearched = marksEnd = marksAt;
  for (let at = from; at < end; at += STRIP) {
    marksEnd = findMarks(at, min(at + STRIP, end), marksEnd);
    matchLines();
    answersEnd = lookUp(answersEnd);
    dropMarks();
  }
  endTally();
  return <u32>((answersEnd - answers) / 4);
}

function withLineEnd(from: usize, to: usize): usize {
  if (to == from || load<u8>(to - 1) == LINE_END) return to;
  store<u8>(to, LINE_END);
  return to + 1;
}

/** Makes a record of each line whose end was found. */
function matchLines(): void {
  recordsEnd = recordsAt;
  clearScratch();
  let lineEnd: usize = 0;
  while (lineEnd < marksEnd) {
    const usualEnd = firstMark + (USUAL_MARKS - MARK);
    if (usualEnd < marksEnd && matchUsualLine(lineStart, firstMark)) {
      if (<usize>load<u32>(usualEnd) - lineStart <= maxLine) recordKey();
      else recordAnswer(TOO_LONG);
      beginLine(usualEnd);
    } else {
      lineEnd = findLineEnd();
      if (lineEnd < marksEnd) matchOther(lineEnd);
    }
  }
}

/** The line at hand is the one after the line end at this mark. */
// @ts-ignore: decorator
@inline
function beginLine(lineEnd: usize): void {
  lineStart = <usize>load<u32>(lineEnd) + 1;
  firstMark = unsearched = lineEnd + MARK;
}

/** The mark of the line's end, or `marksEnd`. No mark is looked at twice, however long the line. */
function findLineEnd(): usize {
  let mark = unsearched;
  while (mark < marksEnd && load<u8>(<usize>load<u32>(mark)) != LINE_END) mark += MARK;
  unsearched = mark;
  return mark;
}

/** The complete path. The line's quotes are its marks up to its end. */
function matchOther(lineEnd: usize): void {
  const end = <usize>load<u32>(lineEnd);
  const rejected =
    end - lineStart > maxLine ? TOO_LONG : matchCombined(lineStart, end, firstMark, lineEnd);
  if (rejected == MATCHED) recordKey();
  else recordAnswer(rejected);
  beginLine(lineEnd);
}

// @ts-ignore: decorator
@inline
function recordKey(): void {
  if (!findKey()) return recordAnswer(NO_FIELD);
  const length = <u32>(foundEnd - foundAt);
  store<u32>(recordsEnd, <u32>foundAt);
  store<u32>(recordsEnd, length, 4);
  store<u32>(recordsEnd, hashOf(foundAt, length), 8);
  recordsEnd += RECORD;
}

function recordAnswer(answer: u32): void {
  store<u32>(recordsEnd, NO_KEY, 4);
  store<u32>(recordsEnd, answer, 8);
  recordsEnd += RECORD;
}

/**
 * Moves the marks of the unfinished line to the front. Not where they are more than those in front of
 * them: then it would cost more than what was done; there is room for the marks of a whole batch.
 */
function dropMarks(): void {
  const rest = marksEnd - firstMark;
  const done = firstMark - marksAt;
  if (rest > done) return;
  memory.copy(marksAt, firstMark, rest);
  firstMark -= done;
  unsearched -= done;
  marksEnd -= done;
}

/** Answers the records of the strip, from `answers` on. Gives the end of the answers. */
function lookUp(answers: usize): usize {
  for (let record = recordsAt; record < recordsEnd; record += RECORD) {
    const length = load<u32>(record, 4);
    const hash = load<u32>(record, 8);
    const answer = length == NO_KEY ? hash : intern(<usize>load<u32>(record), length, hash);
    store<u32>(answers, answer);
    tally(answer);
    answers += 4;
  }
  return answers;
}
