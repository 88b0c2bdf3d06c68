/** What is found in an agent's configuration: faults, which keep it from being run, and notes. */
import { printable } from '../../core/escape.js';
import type { LogFields } from '../../core/logger.js';

export interface Place {
  /** As it was given. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** A property, and where it stands. */
export interface Entry {
  /** All of it: `a1.sources.r1.type`. */
  readonly key: string;
  readonly value: string;
  readonly place: Place;
}

/** Something to know, in the form of a log message: a sentence that stays the same, and fields. */
export interface Note {
  readonly message: string;
  readonly fields: LogFields;
}

export class Findings {
  readonly notes: Note[] = [];
  readonly #faults: { readonly place: Place | undefined; readonly text: string }[] = [];

  /** `text` says what is wrong, `remedy` what to do. */
  fault(place: Place | undefined, text: string, remedy: string): void {
    const where = place === undefined ? '' : `${placeText(place)}: `;
    this.#faults.push({ place, text: `${where}${printable(text)}; ${printable(remedy)}` });
  }

  /** `reason` continues "a1.sources.r1.type …". */
  badKey(entry: Entry, reason: string, remedy: string): void {
    this.fault(entry.place, `${entry.key} ${reason}`, remedy);
  }

  /** `reason` continues "a1.sources.r1.type = foo …". */
  badValue(entry: Entry, reason: string, remedy: string): void {
    this.fault(entry.place, `${entry.key} = ${shownValue(entry)} ${reason}`, remedy);
  }

  note(message: string, fields: LogFields = {}): void {
    this.notes.push({ message, fields });
  }

  /** A note about a property. */
  noteOf(entry: Entry, message: string, fields: LogFields = {}): void {
    const { key, place } = entry;
    this.note(message, { at: placeText(place), key, value: shownValue(entry), ...fields });
  }

  /** In the order of the lines; what has none comes first. */
  get faults(): readonly string[] {
    const line = (place: Place | undefined): number => place?.line ?? 0;
    return this.#faults.toSorted((a, b) => line(a.place) - line(b.place)).map(({ text }) => text);
  }
}

/** `x.conf:12` */
export function placeText({ file, line }: Place): string {
  return `${printable(file)}:${line}`;
}

/** A note as a line for people. */
export function noteText({ message, fields }: Note): string {
  const { at, key, value, ...others } = fields;
  const subject = key === undefined ? [] : [value === undefined ? key : `${key} = ${value}`];
  const rest = Object.entries(others).map(([name, field]) => `${name}: ${field}`);
  const detail = rest.length === 0 ? '' : ` (${rest.join(', ')})`;
  return printable(
    [...(at === undefined ? [] : [at]), ...subject, `${message}${detail}`].join(': '),
  );
}

/** Passwords are shown nowhere. */
function shownValue({ key, value }: Entry): string {
  return /password/i.test(key) ? '(not shown)' : value;
}
