/** What the `<source>` arguments of `watch` name. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { LogwinError } from '../core/errors.js';

/** A source that was named: `-`, or the directory as it was given. */
export type NamedSource =
  | { readonly kind: 'standard-input' }
  | { readonly kind: 'spool'; readonly directory: string };

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/** Throws `LogwinError('usage')` where an argument names no source, or two name the same lines. */
export function namedSources(args: readonly string[], recursive: boolean): NamedSource[] {
  standardInputOnce(args);
  const sources = args.map(namedSource);
  distinctDirectories(args.filter(isDirectory), recursive);
  return sources;
}

/** Standard input can be read once only. */
export function standardInputOnce(args: readonly string[]): void {
  if (args.filter((arg) => arg === '-').length < 2) return;
  throw new LogwinError('usage', 'standard input is named more than once', "give '-' once");
}

function namedSource(arg: string): NamedSource {
  if (arg === '') throw new LogwinError('usage', 'a source is empty', "name a directory, or '-'");
  if (arg === '-') return { kind: 'standard-input' };
  const scheme = SCHEME.exec(arg)?.[1];
  if (scheme === undefined) return { kind: 'spool', directory: arg };
  const remedy = "give a directory, or '-' for standard input";
  throw new LogwinError('usage', `${arg}: no source of the scheme '${scheme}' is known`, remedy);
}

function isDirectory(arg: string): boolean {
  return arg !== '-';
}

/** Every file in a directory that two sources read would be counted, and renamed, twice. */
function distinctDirectories(args: readonly string[], recursive: boolean): void {
  for (const [index, arg] of args.entries()) {
    for (const other of args.slice(index + 1)) {
      if (!sameFiles(resolve(arg), resolve(other), recursive)) continue;
      const message = `${arg} and ${other} would read the same files twice`;
      throw new LogwinError('usage', message, 'leave one of them out');
    }
  }
}

function sameFiles(one: string, other: string, recursive: boolean): boolean {
  return one === other || (recursive && (isWithin(one, other) || isWithin(other, one)));
}

/** Both absolute. */
function isWithin(path: string, directory: string): boolean {
  const rest = relative(directory, path);
  return rest !== '..' && !rest.startsWith(`..${sep}`) && !isAbsolute(rest);
}
