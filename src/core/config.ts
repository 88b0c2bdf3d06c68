/**
 * What a run was asked to do, resolved: plain values, every default filled in, everything checked
 * that can be checked without opening a file. The command line makes it, the pipeline is built from
 * it. Durations are milliseconds, sizes bytes.
 */
import type { Endpoint } from './endpoint.js';

/** What of a line a key can be made of, with the names that `--by` takes and that the output shows. */
export const FIELDS = [
  'url',
  'path',
  'query',
  'method',
  'protocol',
  'status',
  'size',
  'host',
  'user',
  'referer',
  'agent',
  'time',
] as const;
export type Field = (typeof FIELDS)[number];

/**
 * A header of the event that a line came as, by name: `header.file`. Only some sources have any. The line
 * has to match the format all the same, and is rejected as `no-field` where its event lacks the header.
 */
export type HeaderField = `header.${string}`;
/** What a key can be made of. */
export type KeyField = Field | HeaderField;

const HEADER = 'header.';

/** The name of the header that a field is, or undefined where it is of the line. */
export function headerName(field: string): string | undefined {
  return field.startsWith(HEADER) ? field.slice(HEADER.length) : undefined;
}

/** Whether it is of the line. */
export function isField(field: KeyField): field is Field {
  return headerName(field) === undefined;
}

export const OUTPUT_FORMATS = ['table', 'tsv', 'csv', 'ndjson', 'json', 'pprint'] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** What parses: the SIMD kernel, or JavaScript where that cannot be had or is not wanted. */
export const KERNELS = ['simd', 'plain'] as const;
export type KernelChoice = (typeof KERNELS)[number];

/** Which file with unread bytes is read next; by time of change at first sight, ties by name. */
export const FILE_ORDERS = ['oldest', 'youngest', 'name'] as const;
export type FileOrder = (typeof FILE_ORDERS)[number];

/** What becomes of a file that was read to its end. */
export type Disposal =
  | { readonly kind: 'rename' }
  | { readonly kind: 'move'; readonly directory: string }
  | { readonly kind: 'delete' }
  | { readonly kind: 'keep' };

/** Bounds on the bounds: the key table numbers its keys and their bytes with 32 bits. */
export const MOST_KEYS = 2 ** 26;
export const MOST_KEY_BYTES = 2 ** 30;
/** A buffer holds at least one line. */
export const LONGEST_LINE = 2 ** 30;

/**
 * A glob, or a regular expression without flags that remember: that one is compared with the name alone.
 * It has to match all of it, so it says that with `^` and `$`.
 */
export type NamePattern = string | RegExp;

export interface SpoolOptions {
  /** As the user gave it; messages name files below it in the same way. */
  readonly directory: string;
  readonly include: readonly NamePattern[];
  readonly ignore: readonly NamePattern[];
  readonly recursive: boolean;
  readonly order: FileOrder;
  readonly after: Disposal;
  /** Appended to the name of a finished file; what ends in it is never read. */
  readonly suffix: string;
  /** How long nothing about a file may have changed before it is complete. */
  readonly settle: number;
  /** Read what is there now to its end, without settling, and retire only when told to. */
  readonly once: boolean;
}

/**
 * Where the journal is.
 *
 * - `usual`: in `.logwin` of the first spool directory, where there is one that can be written
 * - `none`: nowhere
 */
export type StateConfig =
  | { readonly kind: 'usual' }
  | { readonly kind: 'directory'; readonly directory: string }
  | { readonly kind: 'none' };

/**
 * When a sender hears that its events are taken.
 *
 * - `channel`: when they are in the channel
 * - `durable`: when they are acknowledged: with a journal, when they are in that; in `forward`, when the
 *   far end has them
 */
export const ACKS = ['channel', 'durable'] as const;
export type Ack = (typeof ACKS)[number];

/** An Avro server that Flume's sinks push to. */
export interface AvroListenOptions extends Endpoint {
  readonly ack: Ack;
  /** Bytes of one call at most; a longer one ends its connection. */
  readonly maxCall: number;
  readonly maxConnections: number;
  /** How long a call waits for room in the channel before it is answered with FAILED. */
  readonly patience: number;
}

/** A SparkSink, from which events are pulled. */
export interface PullOptions extends Endpoint {
  readonly ack: Ack;
  /** Events at once, at most. */
  readonly batch: number;
}

/** A server that takes lines of text, as Flume's netcat source. */
export interface NetcatOptions {
  readonly host: string;
  readonly port: number;
  /** Characters of a line at most, its end included; a longer one ends its connection. */
  readonly maxLine: number;
  /** Each line is answered with `OK`. */
  readonly acknowledge: boolean;
}

export type SourceConfig =
  | ({ readonly kind: 'spool' } & SpoolOptions)
  | ({ readonly kind: 'avro' } & AvroListenOptions)
  | ({ readonly kind: 'pull' } & PullOptions)
  | ({ readonly kind: 'netcat' } & NetcatOptions)
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'standard-input' };

export interface PipelineConfig {
  readonly sources: readonly SourceConfig[];
  readonly state: StateConfig;
  /** A longer line is rejected; its line end does not count. */
  readonly maxLine: number;
  readonly channelLines: number;
  readonly channelBytes: number;
  /** At least one; a key is made of these, in this order. */
  readonly by: readonly KeyField[];
  readonly maxKeys: number;
  readonly maxKeyBytes: number;
  readonly kernel: KernelChoice;
  /** How many threads parse, the one that counts included; the answers do not depend on it. */
  readonly threads: number;
  /** `all` never forgets. */
  readonly window: number | 'all';
  readonly slide: number;
  /** How many rows a snapshot has; 0 means all. */
  readonly top: number;
  /**
   * `watch` gives a snapshot at every slide; `once` gives one, of everything, when all sources have
   * ended.
   */
  readonly mode: 'watch' | 'once';
  readonly output: OutputFormat;
  readonly onChange: boolean;
  /** End after this many snapshots; 0 means never. */
  readonly ticks: number;
}
