/**
 * The two protocols that are spoken here, as their Avro text. The names are those of Flume's
 * `AvroSourceProtocol` and of the `SparkFlumeProtocol` of Spark's pull sink; a protocol is looked up by
 * the MD5 of its text, and the Java programs have a text of their own, with comments.
 */
import { createHash } from 'node:crypto';

/** One protocol; made here only. */
export interface Protocol {
  readonly name: string;
  readonly messages: readonly string[];
  /** What is sent to who does not know the protocol. */
  readonly text: string;
  /** The MD5 of our text. */
  readonly hash: Uint8Array;
  /** The MD5 of the text that the Java programs have: who sends this one knows us. */
  readonly javaHash: Uint8Array;
}

const event = (name: string): object => ({
  type: 'record',
  name,
  fields: [
    { name: 'headers', type: { type: 'map', values: 'string' } },
    { name: 'body', type: 'bytes' },
  ],
});

export const FLUME: Protocol = protocol('86aadae2c45474c0fe93ffd0f2350a65', {
  protocol: 'AvroSourceProtocol',
  namespace: 'org.apache.flume.source.avro',
  types: [
    { type: 'enum', name: 'Status', symbols: ['OK', 'FAILED', 'UNKNOWN'] },
    event('AvroFlumeEvent'),
  ],
  messages: {
    append: { request: [{ name: 'event', type: 'AvroFlumeEvent' }], response: 'Status' },
    appendBatch: {
      request: [{ name: 'events', type: { type: 'array', items: 'AvroFlumeEvent' } }],
      response: 'Status',
    },
  },
});

export const SPARK: Protocol = protocol('45f3c2c4aa53244ceaacda6731dedffb', {
  protocol: 'SparkFlumeProtocol',
  namespace: 'org.apache.spark.streaming.flume.sink',
  types: [
    event('SparkSinkEvent'),
    {
      type: 'record',
      name: 'EventBatch',
      fields: [
        { name: 'errorMsg', type: 'string', default: '' },
        { name: 'sequenceNumber', type: 'string' },
        { name: 'events', type: { type: 'array', items: 'SparkSinkEvent' } },
      ],
    },
  ],
  messages: {
    getEventBatch: { request: [{ name: 'n', type: 'int' }], response: 'EventBatch' },
    ack: { request: [{ name: 'sequenceNumber', type: 'string' }], response: 'null' },
    nack: { request: [{ name: 'sequenceNumber', type: 'string' }], response: 'null' },
  },
});

function protocol(
  javaHash: string,
  definition: { readonly protocol: string; readonly messages: object } & Record<string, unknown>,
): Protocol {
  const text = JSON.stringify(definition);
  return {
    name: definition.protocol,
    messages: Object.keys(definition.messages),
    text,
    hash: hashOf(text),
    javaHash: Buffer.from(javaHash, 'hex'),
  };
}

/** What a protocol is known by: the MD5 of its text. */
export function hashOf(text: string): Uint8Array {
  return createHash('md5').update(text).digest();
}
