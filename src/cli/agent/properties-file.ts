/** Files as `java.util.Properties` reads them, with the lines on which their entries stand. */
import type { Entry, Findings } from './findings.js';

/** White space within a line, to Java. Others are part of a key or a value. */
const LEADING_BLANKS = /^[ \t\f]*/;
const NATURAL_LINE_END = /\r\n|\r|\n/;
const COMMENT = /^[#!]/;
const LAST_BACKSLASHES = /\\*$/;

const UTF8_MARK = '\xef\xbb\xbf';
const BEYOND_ASCII = /[\x80-\xff]/;

const ESCAPES = new Map([
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['f', '\f'],
]);

/** A line with all that continues it, without the blanks before it and the backslashes between. */
interface LogicalLine {
  readonly text: string;
  readonly line: number;
}

/** In the order of the file; a repeated key is there twice. `bytes` are ISO-8859-1. */
export function parseProperties(bytes: Uint8Array, file: string, findings: Findings): Entry[] {
  const text = withoutMark(Buffer.from(bytes).toString('latin1'), file, findings);
  const entries: Entry[] = [];
  for (const { text: content, line } of logicalLines(text)) {
    const place = { file, line };
    const [rawKey, rawValue] = split(content);
    const key = unescaped(rawKey);
    const value = unescaped(rawValue);
    if (key === undefined || value === undefined) {
      const remedy = 'write four hexadecimal digits after \\u, or \\\\ for a backslash';
      findings.fault(place, 'there is a \\u without four hexadecimal digits', remedy);
      continue;
    }
    const entry = { key, value, place };
    if (BEYOND_ASCII.test(content)) noteEncoding(entry, findings);
    entries.push(entry);
  }
  return entries;
}

function withoutMark(text: string, file: string, findings: Findings): string {
  if (!text.startsWith(UTF8_MARK)) return text;
  findings.note(
    'The byte order mark is passed over; Flume would take it for part of the first line.',
    {
      at: `${file}:1`,
    },
  );
  return text.slice(UTF8_MARK.length);
}

function noteEncoding(entry: Entry, findings: Findings): void {
  findings.noteOf(
    entry,
    'A properties file is ISO-8859-1, and this is read so; other characters are written \\uXXXX.',
  );
}

function* logicalLines(text: string): Generator<LogicalLine> {
  const lines = text.split(NATURAL_LINE_END);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    let content = withoutBlanks(lines[index]);
    if (content === '' || COMMENT.test(content)) continue;
    while (isContinued(content)) {
      content = content.slice(0, -1);
      // What comes next is as if this had not been: it may be a comment.
      if (content === '') break;
      index += 1;
      content += withoutBlanks(lines[index] ?? '');
    }
    if (content !== '') yield { text: content, line };
  }
}

function withoutBlanks(line: string): string {
  return line.replace(LEADING_BLANKS, '');
}

/** By a backslash at the end that no other one escapes. */
function isContinued(line: string): boolean {
  const backslashes = LAST_BACKSLASHES.exec(line)?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

/** The key ends at a blank, `=` or `:`; of the last two, one belongs to neither. */
function split(line: string): [key: string, value: string] {
  let end = 0;
  while (end < line.length && !/[ \t\f=:]/.test(line[end])) end += line[end] === '\\' ? 2 : 1;
  const rest = /^[ \t\f]*(?:[=:][ \t\f]*)?/.exec(line.slice(end))?.[0].length ?? 0;
  return [line.slice(0, end), line.slice(end + rest)];
}

/** Undefined where there is a `\u` without four digits. */
function unescaped(text: string): string | undefined {
  if (/\\u(?![0-9a-fA-F]{4})/.test(text.replaceAll('\\\\', '  '))) return undefined;
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]?))/g, (_, digits?: string, other?: string) =>
    digits === undefined ? (ESCAPES.get(other ?? '') ?? other ?? '') : fromHex(digits),
  );
}

function fromHex(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 16));
}
