/** What the calls of both protocols take and give, as bytes. All that read throw `MalformedError`. */
import { MalformedError } from '../malformed.js';
import { BinaryReader } from './binary-reader.js';
import { encodeBlob, encodeLength, joined } from './binary-writer.js';
import {
  type EncodedEvents,
  type ReadOptions,
  type ReceivedEvents,
  readEventArray,
} from './events.js';

/** In the order of the enum. */
const STATUSES = ['OK', 'FAILED', 'UNKNOWN'] as const;
/** What `append` and `appendBatch` give. */
export type Status = (typeof STATUSES)[number];

/** What `ack` and `nack` give. */
export const NULL_RESULT: Uint8Array = new Uint8Array(0);

const END = encodeLength(0);

export function encodeStatus(status: Status): Uint8Array {
  return encodeLength(STATUSES.indexOf(status));
}

export function decodeStatus(bytes: Uint8Array): Status {
  const reader = new BinaryReader(bytes);
  const status = STATUSES[reader.long()];
  if (status === undefined) throw new MalformedError('an unknown status');
  reader.finish();
  return status;
}

/** The parameters of `appendBatch`: the events as the only block of an array. */
export function encodeAppendBatch(events: EncodedEvents): Uint8Array[] {
  if (events.count === 0) return [END];
  return [encodeLength(events.count), events.bytes, END];
}

/** `n` is how many events are asked for at most. */
export function encodeGetEventBatch(n: number): Uint8Array {
  return encodeLength(n);
}

/** May be any number of 32 bits. */
export function decodeGetEventBatch(bytes: Uint8Array): number {
  const reader = new BinaryReader(bytes);
  const n = reader.long();
  reader.finish();
  return n;
}

/** The parameters of `ack` and `nack`: the sequence number, which is text. */
export function encodeSequence(text: string): Uint8Array {
  return encodeBlob(text);
}

export function decodeSequence(bytes: Uint8Array): string {
  const reader = new BinaryReader(bytes);
  const text = reader.string();
  reader.finish();
  return text;
}

/** What `getEventBatch` gives. Where `error` is not empty there is no batch, and nothing to acknowledge. */
export function encodeEventBatch(batch: {
  readonly error: string;
  readonly sequence: string;
  readonly events: EncodedEvents;
}): Uint8Array {
  return joined([
    encodeBlob(batch.error),
    encodeBlob(batch.sequence),
    ...encodeAppendBatch(batch.events),
  ]);
}

/** Moves the bodies within `bytes`, as {@link readEventArray}. */
export function decodeEventBatch(
  bytes: Uint8Array,
  options: ReadOptions,
): { readonly error: string; readonly sequence: string; readonly received: ReceivedEvents } {
  const reader = new BinaryReader(bytes);
  const error = reader.string();
  const sequence = reader.string();
  const received = readEventArray(bytes, reader.at, options);
  if (received.next !== bytes.length) throw new MalformedError('more follows than one batch');
  return { error, sequence, received };
}
