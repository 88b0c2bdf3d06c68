/** What the `<source>` arguments of `watch` name. */
import type { SourceConfig } from '../core/config.js';
import { placeOf } from '../core/endpoint.js';
import { LogwinError } from '../core/errors.js';
import { schemeOf } from './endpoint-url.js';
import { type NetworkOptions, type NetworkSource, networkSource } from './network-options.js';

/** A source that was named: `-`, the directory as it was given, or what is at a URL. */
type NamedSource =
  | { readonly kind: 'standard-input' }
  | { readonly kind: 'spool'; readonly directory: string }
  | NetworkSource;

/**
 * Throws `LogwinError('usage')` where an argument names no source. Whether two directories are the
 * same is seen when they are opened.
 */
export function namedSources(args: readonly string[], network: NetworkOptions): NamedSource[] {
  standardInputOnce(args);
  return args.map((arg) => namedSource(arg, network));
}

/** Standard input can be read once only. */
export function standardInputOnce(args: readonly string[]): void {
  if (args.filter((arg) => arg === '-').length < 2) return;
  throw new LogwinError('usage', 'standard input is named more than once', "give '-' once");
}

function namedSource(arg: string, network: NetworkOptions): NamedSource {
  if (arg === '') throw new LogwinError('usage', 'a source is empty', "name a directory, or '-'");
  if (arg === '-') return { kind: 'standard-input' };
  if (schemeOf(arg) === undefined) return { kind: 'spool', directory: arg };
  return networkSource(arg, network);
}

/** As in the messages that say what is read. */
export function sourceName(source: SourceConfig): string {
  switch (source.kind) {
    case 'spool':
      return source.directory;
    case 'file':
      return source.path;
    case 'standard-input':
      return '-';
    case 'avro':
      return `avro://${placeOf(source)}`;
    case 'pull':
      return `flume+pull://${placeOf(source)}`;
    case 'netcat':
      return `netcat://${placeOf(source)}`;
  }
}
