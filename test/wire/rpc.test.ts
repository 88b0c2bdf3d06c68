import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, vi } from 'vitest';
import { PLAIN } from '../../src/core/endpoint.js';
import { LogwinError } from '../../src/core/errors.js';
import { encodeHandshakeResponse } from '../../src/wire/avro/avsc.js';
import { FLUME, SPARK } from '../../src/wire/avro/protocols.js';
import { RemoteError, type RpcClient } from '../../src/wire/avro/rpc-client.js';
import type { Call } from '../../src/wire/avro/rpc-server.js';
import {
  decodeStatus,
  encodeSequence,
  encodeStatus,
  NULL_RESULT,
} from '../../src/wire/avro/values.js';
import { ConnectionError } from '../../src/wire/connection-error.js';
import { isExpected } from '../../src/wire/expected-error.js';
import { MalformedError } from '../../src/wire/malformed.js';
import { FrameDecoder } from '../../src/wire/netty/frame-decoder.js';
import { FakeClock } from '../support/fake-clock.js';
import { eventually } from '../support/scratch.js';
import { batchOf, call, greeting } from './calls.js';
import { client, local, Peer, serve } from './ends.js';
import { frame, int32, unframe } from './frames.js';
import { acceptingHandler } from './server-end.js';

const OK_FIRST = Buffer.from(
  '00000001000000030000000400000000000000010000000002 0000'.replace(' ', ''),
  'hex',
);

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function push(over: RpcClient, length = 10): Promise<string> {
  return decodeStatus(await over.call('appendBatch', [batchOf(length)], 5000));
}

describe('a client and a server', () => {
  it.each([
    ['plain', PLAIN],
    ['compressed', { ...PLAIN, compression: 'deflate' }],
    ['compressed at level 0', { ...PLAIN, compression: 'deflate', level: 0 }],
  ] as const)('exchange calls, %s', async (_, layers) => {
    const lines: string[] = [];
    const { endpoint, log } = await serve({ endpoint: local(layers), ...acceptingHandler(lines) });
    const over = await client(endpoint);
    for (const length of [0, 1, 63, 64, 5000, 300_000]) expect(await push(over, length)).toBe('OK');
    expect(lines.map((line) => line.length)).toEqual([0, 1, 63, 64, 5000, 300_000]);
    expect(log.lines).toEqual([]);
  });

  it('exchange results that are long, and several calls at a time, in any order', async () => {
    const answers = new Map<string, (result: Uint8Array) => void>();
    const { endpoint } = await serve({
      protocol: SPARK,
      concurrent: 3,
      handle: ({ parameters }) =>
        new Promise((resolve) =>
          answers.set(Buffer.from(parameters).toString('latin1', 1), resolve),
        ),
    });
    const over = await client(endpoint, { protocol: SPARK });
    const made = ['a', 'b', 'c'].map((text) => over.call('ack', [encodeSequence(text)], 0));
    // The others wait for the handshake, which comes with the first answer.
    while (!answers.has('a')) await new Promise(setImmediate);
    expect([...answers.keys()]).toEqual(['a']);
    answers.get('a')?.(NULL_RESULT);
    expect(await made[0]).toHaveLength(0);
    while (answers.size < 3) await new Promise(setImmediate);
    answers.get('c')?.(Buffer.alloc(900_000, 3));
    expect(await made[2]).toHaveLength(900_000);
    answers.get('b')?.(Buffer.alloc(1, 2));
    expect([...(await made[1])]).toEqual([2]);
  });

  it('go on after an error of the far end', async () => {
    let failing = true;
    const { endpoint } = await serve({
      handle() {
        if (failing) throw new Error('not now');
        return Promise.resolve(encodeStatus('FAILED'));
      },
    });
    const over = await client(endpoint);
    await expect(push(over)).rejects.toThrow(new RemoteError('not now'));
    failing = false;
    expect(await push(over)).toBe('FAILED');
    await expect(over.call('nothing', [], 0)).rejects.toThrow(/no message nothing/);
    expect(await push(over)).toBe('FAILED');
  });

  it('over IPv6', async () => {
    const { endpoint } = await serve({ endpoint: { host: '::1', port: 0, layers: PLAIN } });
    expect(await push(await client(endpoint))).toBe('OK');
  });

  it('that speak another protocol say so', async () => {
    const { endpoint } = await serve();
    const over = await client(endpoint, { protocol: SPARK });
    const refused = over.call('ack', [encodeSequence('x')], 5000);
    await expect(refused).rejects.toThrow(/another protocol.*AvroSourceProtocol/);
    await expect(over.call('ack', [encodeSequence('x')], 5000)).rejects.toThrow(RemoteError);
  });
});

describe('a server that stops', () => {
  it('answers the calls that run, and takes no others', async () => {
    let answer: (result: Uint8Array) => void = () => {};
    const { server, endpoint } = await serve({
      handle: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    const over = await client(endpoint);
    const idle = await client(endpoint);
    const running = push(over);
    const first = answer;
    while (answer === first) await new Promise(setImmediate);
    const stopped = server.stop();
    await expect(client(endpoint)).rejects.toThrow(/ECONNREFUSED/);
    answer(encodeStatus('OK'));
    expect(await running).toBe('OK');
    await stopped;
    expect((await idle.closed)?.message).toMatch(/closed the connection/);
  });

  it('does not wait for them for more than five seconds', async () => {
    const clock = new FakeClock();
    let running = (): void => {};
    const called = new Promise<void>((resolve) => {
      running = resolve;
    });
    const { server, endpoint } = await serve({
      clock,
      handle() {
        running();
        return new Promise(() => {});
      },
    });
    const made = push(await client(endpoint));
    const rejected = expect(made).rejects.toThrow(/closed the connection/);
    await called;
    const stopped = server.stop();
    clock.advance(5000);
    await stopped;
    await rejected;
  });

  it('leaves no timers behind', async () => {
    const clock = new FakeClock();
    const { server, endpoint } = await serve({ clock });
    await push(await client(endpoint));
    await server.stop();
    expect(clock.timers).toBe(0);
  });
});

describe('a server', () => {
  it('whose port something else has says so', async () => {
    const { endpoint } = await serve();
    const failed = await serve({ endpoint }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(LogwinError);
    expect(failed).toMatchObject({
      code: 'source-unusable',
      message: expect.stringMatching(/127\.0\.0\.1:\d+.*another port/),
    });
  });

  it('that is to listen where there is no such address says so', async () => {
    const nowhere = { host: '192.0.2.1', port: 0, layers: PLAIN };
    await expect(serve({ endpoint: nowhere })).rejects.toThrow(LogwinError);
  });

  it('closes connections beyond the most that it takes, and those that it has go on', async () => {
    const { endpoint, log } = await serve({ maxConnections: 2 });
    const kept = [await client(endpoint), await client(endpoint)];
    for (const one of kept) expect(await push(one)).toBe('OK');
    for (let i = 0; i < 20; i++) await new Peer(endpoint).closed;
    for (const one of kept) expect(await push(one)).toBe('OK');
    expect(log.lines).toHaveLength(5);
    expect(log.lines[0]).toMatchObject([
      'warn',
      'A connection was dropped',
      { reason: 'there are 2 connections already' },
    ]);
    kept[0].destroy();
    await kept[0].closed;
    // Until the server has noticed that, it closes others.
    const pushed = async (): Promise<string> =>
      await push(await client(endpoint)).catch(() => pushed());
    expect(await pushed()).toBe('OK');
  });

  it('names the peer to the handler and the log', async () => {
    const calls: Call[] = [];
    const { endpoint, log } = await serve({
      handle(made) {
        calls.push(made);
        return Promise.reject(new MalformedError('no'));
      },
    });
    const peer = new Peer(endpoint);
    peer.socket.write(call(1, 'append', undefined, greeting()));
    await new Promise((resolve) => peer.socket.once('connect', resolve));
    const address = `127.0.0.1:${peer.socket.localPort}`;
    await peer.closed;
    expect(calls[0].peer).toBe(address);
    expect(log.lines[0][2]).toEqual({ peer: address, reason: 'no' });
  });
});

describe('a client', () => {
  it('says what is wrong where nothing listens', async () => {
    const { server, endpoint } = await serve();
    await server.close();
    await expect(client(endpoint)).rejects.toThrow(
      `cannot connect to 127.0.0.1:${endpoint.port}: nothing listens there (ECONNREFUSED)`,
    );
  });

  it('that is given up lets go of a connection that is not there yet', async () => {
    const clock = new FakeClock();
    const sockets: Socket[] = [];
    // It is asked for TLS, and says nothing.
    const server = createServer((socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = {
      host: '127.0.0.1',
      port: portOf(server),
      layers: { ...PLAIN, tls: { trustAll: true } },
    };
    const giving = new AbortController();
    const connecting = client(endpoint, { clock, signal: giving.signal });
    const rejected = expect(connecting).rejects.toThrow(
      new ConnectionError(`cannot connect to 127.0.0.1:${endpoint.port}: it was given up`),
    );
    await eventually(() => sockets.length === 1);
    const gone = new Promise((resolve) => sockets[0].on('close', resolve));
    giving.abort();
    await rejected;
    sockets[0].resume();
    await gone;
    expect(clock.timers).toBe(0);
    await expect(client(endpoint, { clock, signal: giving.signal })).rejects.toThrow(/given up/);
    expect(sockets).toHaveLength(1);
    server.close();
  });

  it('that is given up later goes on', async () => {
    const giving = new AbortController();
    const { endpoint } = await serve();
    const over = await client(endpoint, { signal: giving.signal });
    giving.abort();
    expect(await push(over)).toBe('OK');
  });

  it('gives up a call after its time, and with it the connection', async () => {
    const clock = new FakeClock();
    let running = (): void => {};
    const called = new Promise<void>((resolve) => {
      running = resolve;
    });
    const { endpoint } = await serve({
      handle() {
        running();
        return new Promise(() => {});
      },
    });
    const over = await client(endpoint, { clock });
    const made = over.call('append', [], 20_000);
    const heldBack = over.call('append', [], 0);
    const rejections = [made, heldBack].map((one) =>
      expect(one).rejects.toThrow(/:\d+: it did not answer within 20000 ms/),
    );
    await called;
    clock.advance(20_000);
    await Promise.all(rejections);
    expect((await over.closed)?.message).toMatch(/did not answer/);
    await expect(over.call('append', [], 0)).rejects.toThrow(/did not answer/);
  });

  it('has no reason to give where it was closed on purpose', async () => {
    const { endpoint } = await serve();
    const over = await client(endpoint);
    await push(over);
    over.destroy();
    expect(await over.closed).toBeUndefined();
    await expect(over.call('append', [], 0)).rejects.toThrow(/closed/);
  });

  it('leaves no timers behind', async () => {
    const clock = new FakeClock();
    const { endpoint } = await serve();
    const over = await client(endpoint, { clock });
    expect(decodeStatus(await over.call('appendBatch', [batchOf(1)], 20_000))).toBe('OK');
    expect(clock.timers).toBe(0);
  });
});

describe('what fails', () => {
  const failureOf = (made: Promise<unknown>): Promise<unknown> =>
    made.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('for a reason outside the program is told from a bug', async () => {
    const { server, endpoint } = await serve({ handle: () => Promise.reject(new Error('no')) });
    const over = await client(endpoint);
    const refused = await failureOf(push(over));
    await server.close();
    const closed = await failureOf(push(over));
    const away = await failureOf(client(endpoint));
    expect([refused, closed, away].map(isExpected)).toEqual([true, true, true]);
    expect([closed, away].map((error) => error instanceof ConnectionError)).toEqual([true, true]);
    expect(isExpected(Object.assign(new Error('no'), { code: 'ECONNRESET' }))).toBe(true);
    expect(isExpected(new MalformedError('no'))).toBe(true);
    expect(isExpected(new LogwinError('source-unusable', 'no'))).toBe(true);
    for (const bug of [new Error('no'), new TypeError('no'), 'no', undefined]) {
      expect(isExpected(bug)).toBe(false);
    }
  });
});

describe('a client of a server of another make', () => {
  /** What it answers to each request; closes after the last. */
  async function answering(
    ...answers: readonly (Buffer | undefined)[]
  ): Promise<{ over: RpcClient; requests: Buffer[] }> {
    const requests: Buffer[] = [];
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => {});
      socket.on('data', (chunk) => {
        const answer = answers[requests.push(chunk) - 1];
        if (answer === undefined) socket.end();
        else socket.write(answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const over = await client({ host: '127.0.0.1', port: portOf(server), layers: PLAIN });
    void over.closed.then(() => server.close());
    return { over, requests };
  }

  it('sends its text and the hash that the Java programs have with the first call alone', async () => {
    const second = frame(2, Buffer.alloc(0), Buffer.of(0), Buffer.of(0, 2));
    const { over, requests } = await answering(OK_FIRST, second);
    expect(await push(over)).toBe('OK');
    expect(await push(over)).toBe('FAILED');
    const [first, next] = requests.map((request) => unframe(request)[0]);
    expect([first.serial, next.serial]).toEqual([1, 2]);
    expect(first.bytes.subarray(0, 16)).toEqual(Buffer.from(FLUME.hash));
    expect(first.bytes.includes(FLUME.text)).toBe(true);
    expect(first.bytes.includes(Buffer.from(FLUME.javaHash))).toBe(true);
    expect(next.bytes).toEqual(
      Buffer.concat([Buffer.of(0, 22), Buffer.from('appendBatch'), batchOf(10)]),
    );
  });

  it('sends all of it again where the server says that it does not know it', async () => {
    const hash = Buffer.alloc(16, 9);
    const none = encodeHandshakeResponse({
      match: 'NONE',
      serverProtocol: FLUME.text,
      serverHash: hash,
    });
    // avsc's server sends an error after it, which is to be overlooked.
    const error = Buffer.from([0, 1, 0, 2, 0x78]);
    const again = frame(2, Buffer.alloc(4), Buffer.of(0, 0, 0));
    const { over, requests } = await answering(frame(1, none, error), again);
    expect(await push(over)).toBe('OK');
    const second = unframe(requests[1])[0];
    expect(second.serial).toBe(2);
    expect(second.bytes.includes(FLUME.text)).toBe(true);
    expect(second.bytes.includes(hash)).toBe(true);
    expect(second.bytes.subarray(-batchOf(10).length)).toEqual(batchOf(10));
  });

  it('gives up where it says so twice', async () => {
    const none = encodeHandshakeResponse({
      match: 'NONE',
      serverProtocol: FLUME.text,
      serverHash: FLUME.hash,
    });
    const { over } = await answering(frame(1, none), frame(2, none));
    await expect(push(over)).rejects.toThrow(/does not take our protocol/);
  });

  it('goes on where it has another text of the same protocol', async () => {
    const match = encodeHandshakeResponse({
      match: 'CLIENT',
      serverProtocol: FLUME.text,
      serverHash: Buffer.alloc(16),
    });
    const { over } = await answering(frame(1, match, Buffer.of(0, 0, 0)));
    expect(await push(over)).toBe('OK');
  });

  it('gives a bug of its own to who called, as it is', async () => {
    const { over } = await answering(OK_FIRST);
    const bug = new TypeError('a bug');
    const spy = vi.spyOn(FrameDecoder.prototype, 'next').mockImplementation(() => {
      throw bug;
    });
    await expect(push(over)).rejects.toBe(bug);
    spy.mockRestore();
    await expect(push(over)).rejects.toBe(bug);
  });

  it.each<[string, Buffer | undefined, RegExp]>([
    [
      'speaks another protocol',
      frame(
        1,
        encodeHandshakeResponse({
          match: 'CLIENT',
          serverProtocol: SPARK.text,
          serverHash: SPARK.hash,
        }),
      ),
      /does not speak AvroSourceProtocol/,
    ],
    ['is a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /looks like HTTP/],
    [
      'answers a call that was not made',
      frame(5, Buffer.alloc(7)),
      /call 5, which is not under way/,
    ],
    ['answers with nothing', frame(1), /ends before it should/],
    [
      'answers with too much',
      Buffer.concat([int32(1), int32(1), int32(0x7000_0000)]),
      /more than 1048576 bytes/,
    ],
    [
      'has a mark of errors that there is not',
      frame(1, Buffer.alloc(5), Buffer.of(7)),
      /neither 0 nor 1/,
    ],
    ['closes the connection', undefined, /closed the connection/],
  ])('that %s says so and ends the connection', async (_, answer, message) => {
    const { over } = await answering(answer);
    await expect(push(over)).rejects.toThrow(message);
    expect((await over.closed)?.message).toMatch(/^127\.0\.0\.1:\d+: /);
  });
});
