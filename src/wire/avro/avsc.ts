/** The records of Avro's handshake, by the library. The only file that imports it. */
import avro from 'avsc';
import { MalformedError } from '../malformed.js';
import type { BinaryReader } from './binary-reader.js';

const HASH_BYTES = 16;
const MD5 = { type: 'fixed', name: 'MD5', size: HASH_BYTES } as const;
const META = { name: 'meta', type: ['null', { type: 'map', values: 'bytes' }] };
const MATCHES = ['BOTH', 'CLIENT', 'NONE'] as const;

/** Whether the server knows the protocol of the client, and the client that of the server. */
export type Match = (typeof MATCHES)[number];

export interface HandshakeRequest {
  readonly clientHash: Uint8Array;
  readonly clientProtocol: string | null;
  readonly serverHash: Uint8Array;
}

export interface HandshakeResponse {
  readonly match: Match;
  readonly serverProtocol: string | null;
  readonly serverHash: Uint8Array | null;
}

const requestType = avro.Type.forSchema({
  type: 'record',
  name: 'HandshakeRequest',
  namespace: 'org.apache.avro.ipc',
  fields: [
    { name: 'clientHash', type: MD5 },
    { name: 'clientProtocol', type: ['null', 'string'] },
    { name: 'serverHash', type: 'MD5' },
    META,
  ],
} as avro.Schema);

const responseType = avro.Type.forSchema({
  type: 'record',
  name: 'HandshakeResponse',
  namespace: 'org.apache.avro.ipc',
  fields: [
    { name: 'match', type: { type: 'enum', name: 'HandshakeMatch', symbols: [...MATCHES] } },
    { name: 'serverProtocol', type: ['null', 'string'] },
    { name: 'serverHash', type: ['null', MD5] },
    META,
  ],
} as avro.Schema);

export function encodeHandshakeRequest(request: HandshakeRequest): Uint8Array {
  const { clientHash, clientProtocol, serverHash } = request;
  return requestType.toBuffer({
    clientHash: Buffer.from(clientHash),
    clientProtocol,
    serverHash: Buffer.from(serverHash),
    meta: null,
  });
}

export function encodeHandshakeResponse(response: HandshakeResponse): Uint8Array {
  const { match, serverProtocol, serverHash } = response;
  return responseType.toBuffer({
    match,
    serverProtocol,
    serverHash: serverHash === null ? null : Buffer.from(serverHash),
    meta: null,
  });
}

/**
 * Reads the request that a message begins with. It is walked first: the library believes the counts of
 * a map, and would go on for hours with one that says 2^50.
 */
export function decodeHandshakeRequest(reader: BinaryReader): HandshakeRequest {
  return decode(requestType, reader, () => {
    reader.take(HASH_BYTES);
    optional(reader, () => reader.skip());
    reader.take(HASH_BYTES);
    optional(reader, () => reader.skipMap());
  }) as HandshakeRequest;
}

/** Reads the response that a message begins with, with the same care. */
export function decodeHandshakeResponse(reader: BinaryReader): HandshakeResponse {
  return decode(responseType, reader, () => {
    if (MATCHES[reader.long()] === undefined) throw new MalformedError('an unknown match');
    optional(reader, () => reader.skip());
    optional(reader, () => reader.take(HASH_BYTES));
    optional(reader, () => reader.skipMap());
  }) as HandshakeResponse;
}

/** What `walk` goes past, as a value of the type: it says itself of what kind it is. */
function decode(type: avro.Type, reader: BinaryReader, walk: () => void): unknown {
  const from = reader.at;
  walk();
  const { buffer, byteOffset } = reader.bytes;
  return type.fromBuffer(Buffer.from(buffer, byteOffset + from, reader.at - from));
}

/** A union with null, which stands first. */
function optional(reader: BinaryReader, walk: () => void): void {
  const branch = reader.long();
  if (branch === 1) walk();
  else if (branch !== 0) throw new MalformedError('an unknown branch of a union');
}
