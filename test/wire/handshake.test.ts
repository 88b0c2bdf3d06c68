import { describe, expect, it } from 'vitest';
import type { HandshakeRequest } from '../../src/wire/avro/avsc.js';
import {
  decodeHandshakeRequest,
  decodeHandshakeResponse,
  encodeHandshakeRequest,
  encodeHandshakeResponse,
} from '../../src/wire/avro/avsc.js';
import { BinaryReader } from '../../src/wire/avro/binary-reader.js';
import { Handshakes } from '../../src/wire/avro/handshake.js';
import { isSameProtocol } from '../../src/wire/avro/protocol-shape.js';
import { FLUME, hashOf, SPARK } from '../../src/wire/avro/protocols.js';
import { MalformedError } from '../../src/wire/malformed.js';

const UNKNOWN = Buffer.alloc(16, 1);

/** As the Java programs print it: with comments, and the types of strings that Java wants. */
const JAVA_LIKE = JSON.stringify({
  protocol: 'AvroSourceProtocol',
  namespace: 'org.apache.flume.source.avro',
  doc: 'a licence',
  types: [
    { type: 'enum', name: 'Status', symbols: ['OK', 'FAILED', 'UNKNOWN'], aliases: ['State'] },
    {
      type: 'record',
      name: 'org.apache.flume.source.avro.AvroFlumeEvent',
      doc: 'an event',
      fields: [
        {
          name: 'headers',
          type: { type: 'map', values: { type: 'string', 'avro.java.string': 'String' } },
        },
        { name: 'body', type: { type: 'bytes' }, doc: 'its body' },
      ],
    },
  ],
  messages: {
    appendBatch: {
      doc: 'many',
      request: [
        {
          name: 'events',
          type: { type: 'array', items: 'org.apache.flume.source.avro.AvroFlumeEvent' },
        },
      ],
      response: 'org.apache.flume.source.avro.Status',
    },
  },
});

function changed(change: (protocol: Record<string, never>) => void): string {
  const protocol = JSON.parse(JAVA_LIKE);
  change(protocol);
  return JSON.stringify(protocol);
}

function request(parts: Partial<HandshakeRequest>): HandshakeRequest {
  return { clientHash: UNKNOWN, clientProtocol: null, serverHash: FLUME.javaHash, ...parts };
}

describe('a server', () => {
  it.each([
    ['the Java programs', FLUME.javaHash],
    ['our own', FLUME.hash],
  ])('knows %s by their hash alone', (_, clientHash) => {
    const greeting = new Handshakes(FLUME).answer(request({ clientHash }));
    expect(greeting.client).toBe('known');
    expect(greeting.response).toEqual({ match: 'BOTH', serverProtocol: null, serverHash: null });
  });

  it('tells a client that expected another server what it speaks', () => {
    const { response, client } = new Handshakes(FLUME).answer(
      request({ clientHash: FLUME.javaHash, serverHash: UNKNOWN }),
    );
    expect(client).toBe('known');
    expect(response).toEqual({
      match: 'CLIENT',
      serverProtocol: FLUME.text,
      serverHash: FLUME.hash,
    });
  });

  it('asks a client that it does not know for its text, and remembers it', () => {
    const handshakes = new Handshakes(FLUME);
    const clientHash = hashOf(JAVA_LIKE);
    expect(handshakes.answer(request({ clientHash }))).toEqual({
      client: 'unknown',
      response: { match: 'NONE', serverProtocol: FLUME.text, serverHash: FLUME.hash },
    });
    const told = handshakes.answer(request({ clientHash, clientProtocol: JAVA_LIKE }));
    expect([told.client, told.response.match]).toEqual(['known', 'BOTH']);
    expect(handshakes.answer(request({ clientHash })).client).toBe('known');
  });

  it('remembers a text by its own hash, whatever hash it came with', () => {
    const handshakes = new Handshakes(FLUME);
    expect(handshakes.answer(request({ clientProtocol: JAVA_LIKE })).client).toBe('known');
    expect(handshakes.answer(request({})).client).toBe('unknown');
  });

  it('remembers a bounded number, and always ours', () => {
    const handshakes = new Handshakes(FLUME);
    const text = (n: number): string =>
      changed((protocol) => Object.assign(protocol, { doc: `${n}` }));
    for (let n = 0; n < 1100; n++) {
      expect(handshakes.answer(request({ clientProtocol: text(n) })).client).toBe('known');
    }
    expect(handshakes.answer(request({ clientHash: hashOf(text(0)) })).client).toBe('unknown');
    expect(handshakes.answer(request({ clientHash: hashOf(text(1099)) })).client).toBe('known');
    expect(handshakes.answer(request({ clientHash: FLUME.javaHash })).client).toBe('known');
  });

  it('refuses a client of another protocol', () => {
    const greeting = new Handshakes(FLUME).answer(request({ clientProtocol: SPARK.text }));
    expect(greeting).toMatchObject({ client: 'foreign', response: { match: 'BOTH' } });
  });
});

describe('a protocol', () => {
  it('is the same in other words', () => {
    expect(isSameProtocol(JAVA_LIKE, FLUME.text)).toBe(true);
    expect(isSameProtocol(FLUME.text, FLUME.text)).toBe(true);
    expect(isSameProtocol(SPARK.text, SPARK.text)).toBe(true);
  });

  it.each<[string, (protocol: never) => void]>([
    [
      'fields in another order',
      ({ types }: { types: { fields: object[] }[] }) => types[1].fields.reverse(),
    ],
    [
      'a field of another type',
      ({ types }: { types: { fields: { type: string }[] }[] }) => {
        types[1].fields[1].type = 'string';
      },
    ],
    [
      'other symbols',
      ({ types }: { types: { symbols: string[] }[] }) => types[0].symbols.reverse(),
    ],
    [
      'another result',
      ({ messages }: { messages: { appendBatch: { response: string } } }) => {
        messages.appendBatch.response = 'null';
      },
    ],
    [
      'no message of ours',
      (protocol: { messages: object }) => {
        protocol.messages = {};
      },
    ],
  ])('is another one with %s', (_, change) => {
    expect(
      isSameProtocol(changed(change as (protocol: Record<string, never>) => void), FLUME.text),
    ).toBe(false);
  });

  it.each([
    '',
    'null',
    '[]',
    '{}',
    '{"messages":[]}',
    '{"messages":{"append":null}}',
    '{"messages":{"append":{"request":1}}}',
    `{"messages":{"append":{"request":[],"response":${'['.repeat(50_000)}${']'.repeat(50_000)}}}}`,
    `${'['.repeat(100_000)}`,
    ' '.repeat(300 * 1024) + FLUME.text,
    // A type that holds itself, and one that doubles at each level.
    '{"types":[{"type":"record","name":"A","fields":[{"name":"a","type":"A"}]}],"messages":{"append":{"request":[],"response":"A"}}}',
    JSON.stringify({
      types: Array.from({ length: 6 }, (_, n) => ({
        type: 'record',
        name: `T${n}`,
        fields: Array.from({ length: 40 }, (_, f) => ({
          name: `f${f}`,
          type: n === 0 ? 'int' : `T${n - 1}`,
        })),
      })),
      messages: { append: { request: [], response: 'T5' } },
    }),
  ])('is not what is none (%#)', (text) => {
    const before = performance.now();
    expect(isSameProtocol(text, FLUME.text)).toBe(false);
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('handshakes on the wire', () => {
  it('are read as they were written', () => {
    const sent = request({ clientProtocol: FLUME.text });
    const reader = new BinaryReader(encodeHandshakeRequest(sent));
    const read = decodeHandshakeRequest(reader);
    reader.finish();
    expect(read.clientProtocol).toBe(sent.clientProtocol);
    expect([...read.clientHash]).toEqual([...sent.clientHash]);
    const answer = { match: 'CLIENT', serverProtocol: 'x', serverHash: FLUME.hash } as const;
    const response = decodeHandshakeResponse(new BinaryReader(encodeHandshakeResponse(answer)));
    expect(response).toMatchObject({ match: 'CLIENT', serverProtocol: 'x' });
  });

  it('with a map that says it has 2^31 - 1 entries are malformed, and at once', () => {
    const bytes = Buffer.concat([
      Buffer.alloc(16),
      Buffer.of(0),
      Buffer.alloc(16),
      Buffer.of(2, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0, 0),
    ]);
    expect(() => decodeHandshakeRequest(new BinaryReader(bytes))).toThrow(MalformedError);
  });

  it.each([0, 1, 17, 34, 38])('that are cut after %i bytes are malformed', (length) => {
    const bytes = encodeHandshakeRequest(request({ clientProtocol: 'text' }));
    const cut = bytes.subarray(0, length);
    expect(() => decodeHandshakeRequest(new BinaryReader(cut))).toThrow(MalformedError);
  });
});
