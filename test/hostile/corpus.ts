/** The files of fixtures/hostile, and what must come out of them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/surroundings.js';

export const FOLDER = join(ROOT, 'fixtures/hostile');

const EXPECTED = '.expected';

/** Bytes, one character each as in latin-1; fields are separated by a line end. */
export type Key = string;

export interface Hostile {
  readonly name: string;
  readonly path: string;
  readonly tries: string;
  /** The options that it is meant for. */
  readonly args: readonly string[];
  /** It cannot be read to its end; any part of its lines may come out. */
  readonly isBroken: boolean;
  readonly lines: number;
  readonly counted: number;
  readonly other: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly rows: readonly (readonly [key: Key, count: number])[];
}

export const CORPUS: readonly Hostile[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(EXPECTED))
  .map((expected) => {
    const name = expected.slice(0, -EXPECTED.length);
    const path = join(FOLDER, name);
    return { name, path, ...JSON.parse(readFileSync(join(FOLDER, expected), 'utf8')) };
  });

/** Files that can be counted in one run. */
export interface Group {
  readonly title: string;
  readonly args: readonly string[];
  /** What a key is made of. */
  readonly by: readonly string[];
  readonly isBroken: boolean;
  readonly files: readonly Hostile[];
}

export const GROUPS: readonly Group[] = groups();

function groups(): Group[] {
  const titles = new Map<string, Hostile[]>();
  for (const file of CORPUS) {
    const title = file.isBroken ? 'what is broken' : `${file.args.join(' ') || 'no options'}`;
    titles.set(title, [...(titles.get(title) ?? []), file]);
  }
  return [...titles].map(([title, files]) => {
    const [{ args, isBroken }] = files;
    return { title, args, by: fieldsOf(args), isBroken, files };
  });
}

/** What a key is made of with these options. */
export function fieldsOf(args: readonly string[]): string[] {
  const at = args.indexOf('--by');
  return at < 0 ? ['url'] : args[at + 1].split(',');
}

/** What must come out of several files that are counted together. */
export function together(files: readonly Hostile[]): Pick<
  Hostile,
  'lines' | 'counted' | 'other'
> & {
  readonly rejected: number;
  readonly rows: ReadonlyMap<Key, number>;
} {
  const rows = new Map<Key, number>();
  let [lines, counted, other, rejected] = [0, 0, 0, 0];
  for (const file of files) {
    for (const [key, count] of file.rows) rows.set(key, (rows.get(key) ?? 0) + count);
    lines += file.lines;
    counted += file.counted;
    other += file.other;
    rejected += sum(Object.values(file.rejected));
  }
  return { lines, counted, other, rejected, rows };
}

/**
 * What is wrong with these rows, and which files it is about. Of broken files rows may be missing, or
 * too small.
 */
export function differences(
  rows: readonly (readonly [key: Key, count: number])[],
  { files, isBroken }: Pick<Group, 'files' | 'isBroken'>,
): string[] {
  const wrong: string[] = [];
  const { rows: expected } = together(files);
  const missing = new Map(expected);
  for (const [key, count] of rows) {
    const most = missing.get(key);
    const holds = isBroken ? most !== undefined && count <= most : count === most;
    if (!holds)
      wrong.push(`${JSON.stringify(key)}: ${count}, not ${most} (${namesOf(key, files)})`);
    missing.delete(key);
  }
  if (isBroken) return wrong;
  const lost = [...missing.keys()].map((key) => `${JSON.stringify(key)} (${namesOf(key, files)})`);
  return [...wrong, ...lost.map((what) => `missing: ${what}`)];
}

function namesOf(key: Key, files: readonly Hostile[]): string {
  const owners = files.filter(({ rows }) => rows.some(([own]) => own === key));
  return owners.map(({ name }) => name).join(' ') || 'of no file';
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
