/** The library's own client and server, which are another implementation of the same protocol. */
import { connect, createServer, type Socket } from 'node:net';
import avro from 'avsc';
import { afterEach, describe, expect, it } from 'vitest';
import { PLAIN } from '../../src/core/endpoint.js';
import { EventWriter, readEventArray } from '../../src/wire/avro/events.js';
import { encodeHeaders } from '../../src/wire/avro/headers.js';
import { FLUME, SPARK } from '../../src/wire/avro/protocols.js';
import {
  decodeEventBatch,
  decodeStatus,
  encodeAppendBatch,
  encodeEventBatch,
  encodeGetEventBatch,
  encodeSequence,
  encodeStatus,
  NULL_RESULT,
} from '../../src/wire/avro/values.js';
import { client, serve } from './ends.js';

/** What of the library its types leave out. */
interface Client {
  createChannel(socket: Socket): void;
  destroyChannels(options: { noWait: boolean }): void;
  emitMessage(
    name: string,
    request: object,
    done: (error: unknown, response: unknown) => void,
  ): void;
}
interface Server {
  createChannel(socket: Socket): void;
  onMessage(
    name: string,
    handler: (request: never, done: (error: Error | null, response?: unknown) => void) => void,
  ): void;
  on(event: 'error', listener: () => void): void;
}
interface Service {
  createClient(): Client;
  createServer(options: { silent: boolean }): Server;
}

function serviceOf(text: string): Service {
  return avro.Service.forProtocol(JSON.parse(text)) as unknown as Service;
}

const toClose: (() => void)[] = [];
afterEach(() => {
  for (const close of toClose.splice(0)) close();
});

/** Calls a message with the library's client. */
function callerOf(text: string, port: number): (name: string, request: object) => Promise<unknown> {
  const made = serviceOf(text).createClient();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  made.createChannel(socket);
  toClose.push(() => {
    made.destroyChannels({ noWait: true });
    socket.destroy();
  });
  return (name, request) =>
    new Promise((resolve, reject) => {
      made.emitMessage(name, request, (error, response) => {
        if (error) reject(error);
        else resolve(response);
      });
    });
}

async function listening(server: Server): Promise<number> {
  const sockets = createServer((socket) => server.createChannel(socket));
  await new Promise<void>((resolve) => sockets.listen(0, '127.0.0.1', resolve));
  toClose.push(() => sockets.close());
  const address = sockets.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

const events = ['', 'a', 'b'.repeat(100_000)].map((body, i) => ({
  headers: { number: `${i}` },
  body: Buffer.from(body),
}));

describe("the library's client", () => {
  it('pushes to our server, though its text is not known there', async () => {
    const bodies: number[] = [];
    const { server, log } = await serve({
      async handle({ parameters }) {
        for (const end of readEventArray(parameters, 0).ends) bodies.push(end);
        return encodeStatus('OK');
      },
    });
    const documented = JSON.stringify({ ...JSON.parse(FLUME.text), doc: 'another text' });
    for (const text of [FLUME.text, documented]) {
      const call = callerOf(text, server.port);
      expect(await call('appendBatch', { events })).toBe('OK');
      expect(await call('appendBatch', { events: [] })).toBe('OK');
    }
    expect(bodies).toEqual([1, 3, 100_004, 1, 3, 100_004]);
    expect(log.lines).toEqual([]);
  });

  it('pulls from our server', async () => {
    const writer = new EventWriter();
    const bytes = Buffer.from('one\ntwo\n');
    const origin = { name: '', added() {}, acknowledged() {}, memo: () => undefined };
    const headers = encodeHeaders(new Map([['host', 'h']]));
    const same = { kind: 'same', headers } as const;
    writer.append({ kind: 'lines', origin, start: 0, end: 8, bytes, events: same }, 0, 0, 9, 999);
    const encoded = writer.take();
    const { server } = await serve({
      protocol: SPARK,
      async handle({ message }) {
        if (message !== 'getEventBatch') return NULL_RESULT;
        return encodeEventBatch({ error: '', sequence: 's1', events: encoded });
      },
    });
    const call = callerOf(SPARK.text, server.port);
    expect(await call('getEventBatch', { n: 10 })).toMatchObject({
      errorMsg: '',
      sequenceNumber: 's1',
      events: ['one', 'two'].map((line) => ({ headers: { host: 'h' }, body: Buffer.from(line) })),
    });
    expect(await call('ack', { sequenceNumber: 's1' })).toBeNull();
  });

  it('is given the error that a handler gives', async () => {
    const { server } = await serve({ handle: () => Promise.reject(new Error('full')) });
    const call = callerOf(FLUME.text, server.port);
    await expect(call('appendBatch', { events })).rejects.toThrow(/full/);
  });
});

describe("the library's server", () => {
  it('takes what our client pushes', async () => {
    const server = serviceOf(FLUME.text).createServer({ silent: true });
    const got: unknown[] = [];
    server.onMessage('appendBatch', (request: { events: unknown[] }, done) => {
      got.push(...request.events);
      done(null, 'FAILED');
    });
    const over = await client({ host: '127.0.0.1', port: await listening(server), layers: PLAIN });
    const bytes = Buffer.from('one\ntwo\n');
    const writer = new EventWriter();
    const origin = { name: '', added() {}, acknowledged() {}, memo: () => undefined };
    writer.append({ kind: 'lines', origin, start: 0, end: 8, bytes }, 0, 0, 9, 999);
    const parameters = encodeAppendBatch(writer.take());
    expect(decodeStatus(await over.call('appendBatch', parameters, 5000))).toBe('FAILED');
    expect(got).toMatchObject(
      ['one', 'two'].map((line) => ({ headers: {}, body: Buffer.from(line) })),
    );
  });

  it('gives what our client pulls', async () => {
    const server = serviceOf(SPARK.text).createServer({ silent: true });
    const acknowledged: unknown[] = [];
    server.onMessage('getEventBatch', ({ n }: { n: number }, done) => {
      done(null, { errorMsg: '', sequenceNumber: `s${n}`, events });
    });
    server.onMessage('ack', (request: object, done) => {
      acknowledged.push({ ...request });
      done(null, null);
    });
    server.onMessage('nack', (_: object, done) => done(new Error('no such batch')));
    const port = await listening(server);
    const over = await client({ host: '127.0.0.1', port, layers: PLAIN }, { protocol: SPARK });
    const result = await over.call('getEventBatch', [encodeGetEventBatch(7)], 5000);
    const { error, sequence, received } = decodeEventBatch(result, {});
    expect([error, sequence, received.count]).toEqual(['', 's7', 3]);
    expect([...received.ends]).toEqual([1, 3, 100_004]);
    expect(await over.call('ack', [encodeSequence(sequence)], 5000)).toHaveLength(0);
    expect(acknowledged).toEqual([{ sequenceNumber: 's7' }]);
    await expect(over.call('nack', [encodeSequence('x')], 5000)).rejects.toThrow(/no such batch/);
  });
});
