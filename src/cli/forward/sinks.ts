/** What `--to` names, and the options that say how events are brought there. */

import { placeOf } from '../../core/endpoint.js';
import { LogwinError } from '../../core/errors.js';
import type {
  DeliveringSinkConfig,
  EventSinkConfig,
  PullServerConfig,
} from '../../core/forward-config.js';
import type { FilledForwardFlags } from '../defaults.js';
import { parseEndpointUrl, schemeOf } from '../endpoint-url.js';
import { choice, duration, positiveDuration, refusal, wholeNumber } from '../values.js';

const BALANCES = ['failover', 'round-robin', 'random'] as const;

/** A host that failed is set aside for this long at most, in milliseconds; so does Flume. */
const MOST_PENALTY = 30_000;
/** An Avro server may be asked to take more than one, but not to keep thousands in mind. */
const MOST_IN_FLIGHT = 1000;
const MOST_EVENTS = 1_000_000;
/** As SparkSink: how many batches may be out, and for how long. */
const UNACKNOWLEDGED = 10;
const PULL_TIMEOUT = 60_000;

/** One for each `--to`, with a channel of its own: each gets every event. */
export function sinkConfigs(flags: FilledForwardFlags): EventSinkConfig[] {
  if (flags.to.length === 0) {
    const remedy = 'say where to with --to avro://HOST:PORT or --to flume+pull://HOST:PORT';
    throw new LogwinError('usage', '--to is missing', remedy);
  }
  const twice = flags.to.find((url, index) => flags.to.indexOf(url) !== index);
  if (twice !== undefined) throw refusal('--to', twice, 'is given twice', 'give it once');
  return flags.to.map((url) => sinkConfig(url, flags));
}

function sinkConfig(url: string, flags: FilledForwardFlags): EventSinkConfig {
  switch (schemeOf(url)) {
    case 'avro':
      return avroSink(url, flags);
    case 'flume+pull':
      return pullServer(url);
    default:
      throw refusal('--to', url, 'is no place that events can be sent to', TO_FORMS);
  }
}

const TO_FORMS = 'write avro://HOST:PORT, or flume+pull://HOST:PORT to be asked for them';

function avroSink(url: string, flags: FilledForwardFlags): DeliveringSinkConfig {
  const { hosts, layers } = parseEndpointUrl('--to', url, 'connect', []);
  const timeout = positiveDuration('--timeout', flags.timeout);
  const deliveries = hosts.map((place) => ({
    kind: 'avro' as const,
    name: placeOf(place),
    ...place,
    layers,
    connectTimeout: timeout,
    requestTimeout: timeout,
    renewAfter: 0,
  }));
  return {
    kind: 'deliver',
    name: url,
    channel: url,
    batch: wholeNumber('--batch', flags.batch, 1, MOST_EVENTS),
    linger: duration('--linger', flags.linger),
    inFlight: wholeNumber('--in-flight', flags.inFlight, 1, MOST_IN_FLIGHT),
    policy: { kind: choice('--balance', flags.balance, BALANCES), mostPenalty: MOST_PENALTY },
    deliveries,
  };
}

function pullServer(url: string): PullServerConfig {
  const { hosts, layers } = parseEndpointUrl('--to', url, 'listen', []);
  return {
    kind: 'pull-server',
    name: url,
    channel: url,
    ...hosts[0],
    layers,
    unacknowledged: UNACKNOWLEDGED,
    mostEvents: MOST_EVENTS,
    timeout: PULL_TIMEOUT,
  };
}
