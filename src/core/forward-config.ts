/**
 * What `forward` and `agent` were asked to do, resolved: sources, channels and sinks, and how they hang
 * together. Durations are milliseconds, sizes bytes.
 */
import type { SourceConfig, StateConfig } from './config.js';
import type { Endpoint } from './endpoint.js';

/** A header that events are given on their way into the channel; Flume's interceptors. */
export type HeaderRule =
  /** Only of files: their absolute path, or the last part of it. */
  | { readonly kind: 'file'; readonly header: string; readonly form: 'absolute' | 'basename' }
  /** Milliseconds since the epoch at that moment. */
  | { readonly kind: 'timestamp'; readonly header: string; readonly preserve: boolean }
  /** `preserve`: an event that has the header keeps it. */
  | {
      readonly kind: 'constant';
      readonly header: string;
      readonly value: string;
      readonly preserve: boolean;
    };

export interface ForwardSource {
  /** For messages. */
  readonly name: string;
  readonly source: SourceConfig;
  /** In the order in which they are applied. */
  readonly headers: readonly HeaderRule[];
  /** Names of channels: each gets every event. */
  readonly channels: readonly string[];
}

export interface ChannelConfig {
  readonly name: string;
  /** Capacity; a line is taken to have 128 bytes. */
  readonly lines: number;
  readonly bytes: number;
}

/** Where events are taken, and how. */
export type DeliveryConfig =
  | ({ readonly kind: 'avro' } & AvroDeliveryOptions)
  /** Written to the log, as many bytes of each body. */
  | { readonly kind: 'logger'; readonly name: string; readonly maxBytes: number }
  | { readonly kind: 'null'; readonly name: string }
  | ({ readonly kind: 'file-roll' } & FileRollOptions);

export interface AvroDeliveryOptions extends Endpoint {
  /** For messages. */
  readonly name: string;
  readonly connectTimeout: number;
  /** How long an answer is waited for. */
  readonly requestTimeout: number;
  /** A connection is made anew after so long; 0 is never. */
  readonly renewAfter: number;
}

export interface FileRollOptions {
  readonly name: string;
  readonly directory: string;
  /** A new file after so long; 0 is never. */
  readonly rollAfter: number;
  readonly prefix: string;
  /** With its dot, or empty. */
  readonly extension: string;
  /** Each body is followed by a line end. */
  readonly lineEnds: boolean;
}

/**
 * Which of several deliveries is asked next.
 *
 * - `failover`: the first that is not set aside, in the order in which they stand
 * - `round-robin`, `random`: in turn, or by chance
 *
 * One that failed is set aside for a second, doubled at each further failure, up to `mostPenalty`; where
 * that is 0, it is not. Where all are, the one that comes back first is waited for.
 */
export interface Policy {
  readonly kind: 'failover' | 'round-robin' | 'random';
  readonly mostPenalty: number;
}

/** Several deliveries that stand in for each other, or one. */
export interface DeliveringSinkConfig {
  readonly kind: 'deliver';
  readonly name: string;
  readonly channel: string;
  /** Events at once, at most. */
  readonly batch: number;
  /** How long what is less than a batch waits for more. */
  readonly linger: number;
  /** How many batches may be under way at a time; more than one may change the order. */
  readonly inFlight: number;
  readonly policy: Policy;
  readonly deliveries: readonly DeliveryConfig[];
}

/** A server that Spark's polling stream pulls from, as SparkSink. */
export interface PullServerConfig extends Endpoint {
  readonly kind: 'pull-server';
  readonly name: string;
  readonly channel: string;
  /** Batches that were given and not yet acknowledged, at most. */
  readonly unacknowledged: number;
  /** Events of one batch, at most. */
  readonly mostEvents: number;
  /** After so long without acknowledgement, a batch is given again. */
  readonly timeout: number;
}

export type EventSinkConfig = DeliveringSinkConfig | PullServerConfig;

export interface ForwardConfig {
  readonly sources: readonly ForwardSource[];
  readonly channels: readonly ChannelConfig[];
  readonly sinks: readonly EventSinkConfig[];
  readonly state: StateConfig;
  /** A longer line is not sent; its line end does not count. */
  readonly maxLine: number;
}
