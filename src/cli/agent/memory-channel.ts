/** Memory channels of an agent's file. */
import type { ChannelConfig } from '../../core/forward-config.js';
import type { Component } from './agent-model.js';
import type { Entry, Findings, Place } from './findings.js';
import { HONOURED, judgeKeys, type KeyTable } from './keys.js';
import { Settings } from './settings.js';

/** What a channel may hold where nothing is said; to Flume, four fifths of Java's heap. */
const USUAL_BYTES = 64 * 1024 * 1024;
/** Flume's. */
const CAPACITY = 100;
const KEEP_ALIVE = 3;
const HEADERS_PERCENTAGE = 20;

export const KEYS: KeyTable = {
  type: HONOURED,
  capacity: HONOURED,
  transactionCapacity: HONOURED,
  'keep-alive': HONOURED,
  byteCapacity: HONOURED,
  byteCapacityBufferPercentage: HONOURED,
};

export interface JudgedChannel {
  readonly config: ChannelConfig;
  /** Events of one batch, at most. */
  readonly transactionCapacity: number;
  /** Where that is said, or where the channel is. */
  readonly transactionPlace: Place;
  /** How long an avro source waits for room, in ms. */
  readonly keepAlive: number;
  readonly byteCapacity: Entry | undefined;
}

export function judgeMemoryChannel(component: Component, findings: Findings): JudgedChannel {
  judgeKeys(component, KEYS, findings);
  const settings = new Settings(component, findings);
  const lines = settings.whole('capacity', { standard: CAPACITY, least: 1 });
  const usual = { standard: CAPACITY, least: 1 };
  const transactionCapacity = settings.whole('transactionCapacity', usual);
  const transactions = settings.entry('transactionCapacity');
  const transactionPlace = transactions?.place ?? component.place;
  if (transactionCapacity > lines) {
    const text = `${component.path}: the transactionCapacity ${transactionCapacity} is higher than the capacity ${lines}`;
    findings.fault(transactionPlace, text, 'give a higher capacity');
  }
  return {
    config: { name: component.name, lines, bytes: bytes(settings) },
    transactionCapacity,
    transactionPlace,
    keepAlive: keepAlive(settings),
    byteCapacity: settings.entry('byteCapacity'),
  };
}

/** A part of the capacity is for headers. Where nothing or 0 is said, Flume has no bound worth the name. */
function bytes(settings: Settings): number {
  const share = { standard: HEADERS_PERCENTAGE, least: 0, most: 100 };
  const percentage = settings.whole('byteCapacityBufferPercentage', share);
  const capacity = settings.whole('byteCapacity', { standard: 0, least: 0 });
  if (capacity === 0) return USUAL_BYTES;
  return Math.max(1, Math.floor((capacity * (100 - percentage)) / 100));
}

function keepAlive(settings: Settings): number {
  const entry = settings.entry('keep-alive');
  if (entry !== undefined) {
    settings.findings.noteOf(
      entry,
      'An avro source waits so long for room; less than a batch is passed on after 50 ms and not after this.',
    );
  }
  // A day; nobody waits longer for an answer.
  return settings.whole('keep-alive', { standard: KEEP_ALIVE, least: 0, most: 86_400 }) * 1000;
}
