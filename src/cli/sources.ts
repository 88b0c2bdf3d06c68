/** What the `<source>` arguments of `watch` name. */
import { LogwinError } from '../core/errors.js';

/** A source that was named: `-`, or the directory as it was given. */
type NamedSource =
  | { readonly kind: 'standard-input' }
  | { readonly kind: 'spool'; readonly directory: string };

const SCHEME = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * Throws `LogwinError('usage')` where an argument names no source. Whether two directories are the
 * same is seen when they are opened.
 */
export function namedSources(args: readonly string[]): NamedSource[] {
  standardInputOnce(args);
  return args.map(namedSource);
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
