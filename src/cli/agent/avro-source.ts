/** Avro sources of an agent's file. */
import type { SourceConfig } from '../../core/config.js';
import type { Component } from './agent-model.js';
import { SERVER_LAYER_KEYS, serverLayers } from './avro-layers.js';
import type { Judging } from './judging.js';
import { HONOURED, judgeKeys, type KeyTable, notedNumber, refused } from './keys.js';
import { Settings } from './settings.js';
import { SOURCE_KEYS } from './source-keys.js';

/** Of one call, in bytes, and connections at a time: as `watch` has them. */
const MAX_CALL = 16 * 1024 * 1024;
const MAX_CONNECTIONS = 64;

export const KEYS: KeyTable = {
  ...SOURCE_KEYS,
  ...SERVER_LAYER_KEYS,
  bind: HONOURED,
  port: HONOURED,
  threads: notedNumber('One thread serves all connections; Flume does not use it any more either.'),
  ipFilter: refused(
    'is not supported',
    'bind an address that only they reach, or let a firewall choose',
    ['false'],
  ),
  ipFilterRules: refused(
    'is not supported',
    'bind an address that only they reach, or let a firewall choose',
  ),
};

/** `patience` is how long a call waits for room, in ms. */
export function judgeAvroSource(
  component: Component,
  patience: number,
  judging: Judging,
): SourceConfig {
  judgeKeys(component, KEYS, judging.findings);
  const settings = new Settings(component, judging.findings);
  return {
    kind: 'avro',
    host: settings.required('bind', 'give the address to listen at, or 0.0.0.0 for all'),
    port: settings.port(0),
    layers: serverLayers(settings, judging),
    ack: 'channel',
    maxCall: MAX_CALL,
    maxConnections: MAX_CONNECTIONS,
    patience,
  };
}
