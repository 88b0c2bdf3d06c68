import { isUtf8 } from 'node:buffer';
import { splitKey } from '../core/keys.js';
import type { Row, Snapshot } from '../core/snapshot.js';

/** The layout of `ndjson` and `json`; programs read it, so it changes only with this number. */
const VERSION = 1;

/**
 * What `JSON.stringify` leaves as it is although a terminal or a reader of lines would not: DEL, C1,
 * the line and paragraph separators, and the bidirectional controls.
 */
const UNSAFE = /[\x7f-\x9f\u2028\u2029\p{Bidi_Control}]/gu;

/** A snapshot as JSON text; `indent` as `JSON.stringify` takes it. */
export function jsonText(snapshot: Snapshot, fields: readonly string[], indent: number): string {
  const text = JSON.stringify(document(snapshot, fields), undefined, indent);
  return `${text.replace(UNSAFE, unicodeEscape)}\n`;
}

function document(snapshot: Snapshot, fields: readonly string[]): object {
  const { total, distinct, rejected, other } = snapshot;
  const top: object[] = snapshot.rows.map((row, index) => entry(row, index + 1, fields));
  if (other > 0) top.push({ other: true, count: other });
  return {
    version: VERSION,
    start: new Date(snapshot.start).toISOString(),
    end: new Date(snapshot.end).toISOString(),
    total,
    distinct,
    rejected,
    top,
  };
}

function entry(row: Row, rank: number, fields: readonly string[]): object {
  const members: [string, string | number][] = [['rank', rank]];
  splitKey(row.key).forEach((bytes, index) => {
    const buffer = Buffer.from(bytes);
    members.push([fields[index], buffer.toString()]);
    if (!isUtf8(buffer)) members.push([`${fields[index]}_bytes`, buffer.toString('base64')]);
  });
  members.push(['count', row.count]);
  return Object.fromEntries(members);
}

function unicodeEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
