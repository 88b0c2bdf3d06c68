/** Requests by hand, as a Java client sends them. */
import { encodeHandshakeRequest } from '../../src/wire/avro/avsc.js';
import { encodeCallHead } from '../../src/wire/avro/envelope.js';
import { FLUME, type Protocol } from '../../src/wire/avro/protocols.js';
import { frame } from './frames.js';

/** What the first call of a connection begins with. */
export function greeting(protocol: Protocol = FLUME): Uint8Array {
  return encodeHandshakeRequest({
    clientHash: protocol.javaHash,
    clientProtocol: null,
    serverHash: protocol.javaHash,
  });
}

export function call(
  serial: number,
  message: string,
  parameters: Uint8Array = Buffer.alloc(0),
  before: Uint8Array = Buffer.alloc(0),
): Buffer {
  return frame(serial, Buffer.concat([before, encodeCallHead(message)]), parameters);
}

/** `appendBatch` of one event with a body of so many bytes. */
export function batchOf(length: number): Buffer {
  const head = length < 64 ? [2, 0, 2 * length] : [2, 0, ...varint(2 * length)];
  return Buffer.concat([Buffer.from(head), Buffer.alloc(length, 0x61), Buffer.of(0)]);
}

function varint(number: number): number[] {
  const low = number & 0x7f;
  return number < 0x80 ? [low] : [low | 0x80, ...varint(number >>> 7)];
}
