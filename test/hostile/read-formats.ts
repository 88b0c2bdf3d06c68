/**
 * Reads what the program printed back into keys and counts, by the rules that the README gives for
 * each format and nothing of the program's. Strict: whatever else is there is an error.
 */
import type { Key } from './corpus.js';

export interface Printed {
  readonly rows: readonly (readonly [key: Key, count: number])[];
  readonly other: number;
}

type Read = (text: string, by: readonly string[]) => Printed;

export const READERS: Readonly<Record<string, Read>> = {
  ndjson: (text, by) => readDocument(exactlyOneLine(text), by),
  json: readDocument,
  tsv: (text, by) => readRecords(tsvRecords(text), by),
  csv: (text, by) => {
    const [header, ...records] = csvRecords(text);
    if (header.join() !== ['time', 'rank', 'count', ...by].join()) throw noFormat('header', text);
    return readRecords(records, by);
  },
  pprint: readPprint,
};

interface Entry {
  readonly other?: true;
  readonly rank?: number;
  readonly count: number;
  readonly [field: string]: unknown;
}

function readDocument(text: string, by: readonly string[]): Printed {
  const { top }: { readonly top: readonly Entry[] } = JSON.parse(text);
  const last = top.at(-1);
  const others = top.filter(({ other }) => other !== undefined);
  if (others.some((entry) => entry !== last || Object.keys(entry).join() !== 'other,count')) {
    throw noFormat('other row', JSON.stringify(others));
  }
  const rows = top.filter(({ other }) => other === undefined);
  return {
    rows: rows.map((row, index) => {
      if (row.rank !== index + 1) throw noFormat('rank', JSON.stringify(row));
      return [by.map((field) => fieldOf(row, field)).join('\n'), row.count];
    }),
    other: others[0]?.count ?? 0,
  };
}

function fieldOf(row: Entry, field: string): Key {
  const { [field]: text, [`${field}_bytes`]: bytes } = row;
  return typeof bytes === 'string'
    ? Buffer.from(bytes, 'base64').toString('latin1')
    : Buffer.from(String(text)).toString('latin1');
}

/** The row of what is over the bounds is the one without a rank. */
function readRecords(records: readonly (readonly string[])[], by: readonly string[]): Printed {
  const rows: [Key, number][] = [];
  let other = 0;
  for (const [time, rank, count, ...cells] of records) {
    const isWhole = /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/.test(time) && /^\d+$/.test(count);
    if (!isWhole || cells.length !== by.length) throw noFormat('record', records.join('\n'));
    if (rank === '') {
      if (other > 0 || cells[0] !== '(other)') throw noFormat('other row', cells.join());
      other = Number(count);
    } else {
      if (other > 0 || Number(rank) !== rows.length + 1) throw noFormat('rank', rank);
      rows.push([cells.map(unescaped).join('\n'), Number(count)]);
    }
  }
  return { rows, other };
}

function tsvRecords(text: string): string[][] {
  return wholeLines(text, '\n').map((line) => line.split('\t'));
}

/** RFC 4180. A cell that a spreadsheet would compute is an error. */
function csvRecords(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  let end = 0;
  for (const [whole, quoted, bare, after] of text.matchAll(cells)) {
    const cell = quoted === undefined ? bare : quoted.replaceAll('""', '"');
    if (/^\s*[=+\-@＝＋－＠]/.test(cell)) throw noFormat('cell', cell);
    record.push(/^'['\s]*[=+\-@＝＋－＠]/.test(cell) ? cell.slice(1) : cell);
    end += whole.length;
    if (after === ',') continue;
    records.push(record);
    record = [];
  }
  if (end !== text.length) throw noFormat('CSV', text.slice(end));
  return records;
}

function readPprint(text: string): Printed {
  const rule = '-'.repeat(43);
  const [first, time, second, ...lines] = wholeLines(text, '\n');
  if (first !== rule || !time.startsWith('Time: ') || second !== rule || lines.pop() !== '') {
    throw noFormat('heading', text);
  }
  const other = /^\(\(other\), (\d+)\)$/.exec(lines.at(-1) ?? '')?.[1];
  if (other !== undefined) lines.pop();
  return { rows: lines.map(tupleOf), other: Number(other ?? 0) };
}

/** `('/a', 2)`, or of several fields `(('/a', '200'), 2)`. */
function tupleOf(line: string): [Key, number] {
  const strings = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g;
  const shape = line.replace(strings, 's').replace(/^\(\((s(?:, s)+)\), /, '($1, ');
  if (!/^\(s(, s)*, \d+\)$/.test(shape)) throw noFormat('tuple', line);
  const fields = Array.from(line.matchAll(strings), ([literal]) => ofPython(literal.slice(1, -1)));
  return [fields.join('\n'), Number(/, (\d+)\)$/.exec(line)?.[1])];
}

const NAMED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r' };

/** What stands in a literal of Python, whose surrogates are bytes that are not UTF-8. */
function ofPython(text: string): Key {
  const parts = text.matchAll(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))|[^\\]+/gu);
  return Array.from(parts, ([whole, x, u, long, letter]) => {
    const point = Number.parseInt(x ?? u ?? long, 16);
    if (point >= 0xdc80 && point <= 0xdcff) return String.fromCharCode(point - 0xdc00);
    if (!Number.isNaN(point)) return Buffer.from(String.fromCodePoint(point)).toString('latin1');
    const plain = letter === undefined ? whole : (NAMED[letter] ?? letter);
    return Buffer.from(plain).toString('latin1');
  }).join('');
}

/** The bytes that an escaped text stands for. */
function unescaped(text: string): Key {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/\\(?:x([0-9a-f]{2})|([tnr\\]))?/g, (whole, hex, letter) => {
      if (whole === '\\') throw noFormat('escape', text);
      return hex ? String.fromCharCode(Number.parseInt(hex, 16)) : (NAMED[letter] ?? letter);
    });
}

function wholeLines(text: string, end: string): string[] {
  const lines = text.split(end);
  if (lines.pop() !== '') throw noFormat('last line', text);
  return lines;
}

function exactlyOneLine(text: string): string {
  const lines = wholeLines(text, '\n');
  if (lines.length !== 1) throw noFormat('one line', text);
  return lines[0];
}

function noFormat(what: string, text: string): Error {
  return new Error(`This ${what} is none: ${JSON.stringify(text)}`);
}
