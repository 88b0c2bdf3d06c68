/** The sources that are given as URLs, and the options that say how events are taken from them. */
import { ACKS, type Ack, type PipelineConfig, type SourceConfig } from '../core/config.js';
import { LogwinError } from '../core/errors.js';
import type { FilledForwardFlags } from './defaults.js';
import { type EndpointUrl, parseEndpointUrl, schemeOf } from './endpoint-url.js';
import { choice, refusal, size, wholeNumber } from './values.js';

/** How long a sender is kept waiting for room: less than the 20 s that Flume's sinks wait for an answer. */
const PATIENCE = 10_000;
/** Events at once, as Spark's polling stream asks for. */
const USUAL_BATCH = '1000';
/** A call has to fit into one piece of memory, several times over. */
const LONGEST_CALL = 2 ** 30;
const MOST_CONNECTIONS = 65_535;
const MOST_EVENTS = 1_000_000;

const SCHEMES = ['avro', 'flume+pull'] as const;

/** What is said with options, for all network sources. */
export interface NetworkOptions {
  readonly ack: Ack;
  readonly maxCall: number;
  readonly maxConnections: number;
}

export type NetworkSource = Extract<SourceConfig, { kind: 'avro' | 'pull' }>;

/** Throws `LogwinError('usage')`. */
export function networkOptions(
  flags: Pick<FilledForwardFlags, 'ack' | 'maxCall' | 'maxConnections'>,
): NetworkOptions {
  return {
    ack: choice('--ack', flags.ack, ACKS),
    maxCall: size('--max-call', flags.maxCall, LONGEST_CALL),
    maxConnections: wholeNumber('--max-connections', flags.maxConnections, 1, MOST_CONNECTIONS),
  };
}

/** Throws `LogwinError('usage')` for a scheme that is not known, and for a URL that is none. */
export function networkSource(arg: string, options: NetworkOptions): NetworkSource {
  const scheme = SCHEMES.find((known) => known === schemeOf(arg));
  switch (scheme) {
    case 'avro': {
      const url = parseEndpointUrl('source', arg, 'listen', []);
      return { kind: 'avro', ...endpointOf(url), ...options, patience: PATIENCE };
    }
    case 'flume+pull': {
      const url = parseEndpointUrl('source', arg, 'connect', ['batch']);
      const batch = url.parameters.get('batch') ?? USUAL_BATCH;
      const most = wholeNumber(`source ${arg}: batch`, batch, 1, MOST_EVENTS);
      const { ack } = options;
      return { kind: 'pull', ...onlyPlace(arg, url), ack, batch: most };
    }
    case undefined:
      throw unknownScheme(arg);
  }
}

export function isNetworkSource<S extends { readonly kind: SourceConfig['kind'] }>(
  source: S,
): source is Extract<S, { readonly kind: 'avro' | 'pull' }> {
  return source.kind === 'avro' || source.kind === 'pull';
}

/** Throws `LogwinError('usage')` where a run that counts asks of its network sources what they cannot do. */
export function checkNetwork(config: PipelineConfig): void {
  const sources = config.sources.filter(isNetworkSource);
  if (sources.length === 0) return;
  endsNever(config);
  if (sources.some(({ ack }) => ack === 'durable')) ackCanBeKept(config);
}

/** What comes over a network has no end that a batch run could wait for. */
function endsNever({ mode }: PipelineConfig): void {
  if (mode !== 'once') return;
  const message = '--once ends when all is read, and a source of the network never ends';
  throw new LogwinError('usage', message, 'leave --once out, or use --ticks');
}

/** With `usual`, the journal is in the first directory that is watched. */
function ackCanBeKept({ state, sources }: PipelineConfig): void {
  if (state.kind === 'directory') return;
  if (state.kind === 'usual' && sources.some(({ kind }) => kind === 'spool')) return;
  const message = '--ack durable answers when lines are in the journal, and none is kept';
  throw new LogwinError('usage', message, 'say where with --state <dir>, or leave --ack out');
}

function endpointOf({ hosts, layers }: EndpointUrl) {
  return { ...hosts[0], layers };
}

function onlyPlace(arg: string, url: EndpointUrl) {
  if (url.hosts.length === 1) return endpointOf(url);
  throw refusal('source', arg, 'names several hosts', 'name each as a source of its own');
}

function unknownScheme(arg: string): LogwinError {
  const remedy =
    "give a directory, '-' for standard input, avro://HOST:PORT or flume+pull://HOST:PORT";
  const message = `${arg}: no source of the scheme '${schemeOf(arg)}' is known`;
  return new LogwinError('usage', message, remedy);
}
