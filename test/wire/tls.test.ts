import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { type Layers, PLAIN, placeOf, type TlsFiles } from '../../src/core/endpoint.js';
import { LogwinError } from '../../src/core/errors.js';
import { decodeStatus } from '../../src/wire/avro/values.js';
import { Deflated } from '../../src/wire/transport/deflated.js';
import { eventually, scratch } from '../support/scratch.js';
import { lacks } from '../support/surroundings.js';
import { batchOf, call, greeting } from './calls.js';
import { makeCertificates } from './certificates.js';
import { client, local, Peer, type Served, serve } from './ends.js';

const missing = lacks('openssl');
const directory = scratch();
const files = missing ? undefined : makeCertificates(directory());

function layers(tls: TlsFiles, more: Partial<Layers> = {}): Layers {
  return { ...PLAIN, ...more, tls };
}

/** What a call over a connection of these two gives, or the message of what went wrong. */
async function exchange(ours: Layers, theirs: Layers, host = '127.0.0.1'): Promise<string> {
  return await tryPush(await serve({ endpoint: local(ours) }), theirs, host);
}

async function tryPush({ endpoint }: Served, theirs: Layers, host = '127.0.0.1'): Promise<string> {
  try {
    const over = await client({ host, port: endpoint.port, layers: theirs });
    return decodeStatus(await over.call('appendBatch', [batchOf(100_000)], 5000));
  } catch (error) {
    return error instanceof Error ? error.message : 'not an error';
  }
}

describe.skipIf(files === undefined)('TLS (skipped without openssl)', () => {
  if (files === undefined) return;
  const { ca, server, pfx, stranger, misnamed, expired } = files;
  const trusting = layers({ ca });

  it('is spoken by both ends', async () => {
    expect(await exchange(layers(server), trusting)).toBe('OK');
    expect(await exchange(layers(server), trusting, 'localhost')).toBe('OK');
  });

  it('takes certificate and key out of one file', async () => {
    expect(await exchange(layers({ pfx, passphrase: 'secret' }), trusting)).toBe('OK');
  });

  it.each([
    ['inside the compression', true],
    ['around the compression', false],
  ])('travels %s', async (_, tlsInside) => {
    const how = { compression: 'deflate', tlsInside } as const;
    expect(await exchange(layers(server, how), layers({ ca }, how))).toBe('OK');
    const other = { compression: 'deflate', tlsInside: !tlsInside } as const;
    expect(await exchange(layers(server, how), layers({ ca }, other))).toMatch(
      /^(?:cannot connect to )?127/,
    );
  });

  it.each([
    ['that nobody trusted signed', stranger, /no authority that is trusted here.*\(ca\)/],
    ['of another name', misnamed, /for another name: .*127\.0\.0\.1/],
    ['that has expired', expired, /has expired/],
  ])('refuses a certificate %s, and both ends say so', async (_, pair, message) => {
    const served = await serve({ endpoint: local(layers(pair)) });
    expect(await tryPush(served, trusting)).toMatch(message);
    expect(await tryPush(served, trusting)).toMatch(
      /^cannot connect to 127\.0\.0\.1:\d+: its cert/,
    );
    expect(await tryPush(served, layers({ trustAll: true }))).toBe('OK');
  });

  it('tells the server that its certificate was not taken', async () => {
    const served = await serve({ endpoint: local(layers(stranger)) });
    // The server may speak first, so it is asked for nothing.
    const args = ['s_client', '-connect', placeOf(served.endpoint), '-CAfile', ca];
    execFile('openssl', [...args, '-verify_return_error']).stdin?.end();
    const [[level, message]] = await eventually(
      () => served.log.lines.length > 0 && served.log.lines,
    );
    expect([level, message]).toEqual(['warn', 'A connection was dropped']);
    expect(served.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/does not trust the authority of our certificate/),
    });
  });

  it('asks clients for a certificate where authorities are given', async () => {
    const asking = await serve({ endpoint: local(layers({ ...server, ca })) });
    expect(await tryPush(asking, layers({ ca, ...files.client }))).toBe('OK');
    expect(asking.log.lines).toEqual([]);
    expect(await tryPush(asking, trusting)).toMatch(
      /asks for a certificate of ours|closed the connection before it answered/,
    );
    await eventually(() => asking.log.lines.length === 1);
    expect(asking.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/showed no certificate/),
    });
    expect(await tryPush(asking, layers({ ca, ...stranger }))).toMatch(/^127|^cannot connect/);
    await eventually(() => asking.log.lines.length === 2);
  });

  it('is taken up again by who comes again, for the certificates are parsed once', async () => {
    const { endpoint } = await serve({ endpoint: local(layers(server)) });
    const options = { host: endpoint.host, port: endpoint.port, ca: readFileSync(ca) };
    const first = connect(options);
    const [session]: Buffer[] = await once(first, 'session');
    expect(first.isSessionReused()).toBe(false);
    const second = connect({ ...options, session });
    await once(second, 'secureConnect');
    expect(second.isSessionReused()).toBe(true);
    for (const socket of [first, second]) socket.destroy();
  });

  it('that fails names the connection it fails on, of several at a time', async () => {
    const served = await serve({ endpoint: local(layers(server)) });
    const { endpoint, log } = served;
    const peers = [new Peer(endpoint), new Peer(endpoint), new Peer(endpoint)];
    await Promise.all(peers.map(({ socket }) => once(socket, 'connect')));
    const places = peers.map(({ socket }) => `127.0.0.1:${socket.localPort}`);
    for (const index of [2, 0, 1]) {
      const { socket, closed } = peers[index];
      socket.write('GET / HTTP/1.1\r\n\r\n');
      await closed;
    }
    await eventually(() => log.lines.length === 3);
    expect(log.lines.map(([, , fields]) => fields?.peer)).toEqual([2, 0, 1].map((i) => places[i]));
    expect(await tryPush(served, trusting)).toBe('OK');
  });

  it.each<[string, (socket: Socket) => void, RegExp[]]>([
    [
      'once where what comes is not compressed any more',
      (s) => s.write(Buffer.alloc(10, 0xff)),
      [/not compressed/],
    ],
    ['not at all where the far end breaks off', (s) => s.resetAndDestroy(), []],
  ])('inside the compression is warned of %s', async (_, breakIt, reasons) => {
    const how = { compression: 'deflate', tlsInside: true } as const;
    const served = await serve({ endpoint: local(layers(server, how)) });
    const socket = new Peer(served.endpoint).socket;
    const below = new Deflated(socket.removeAllListeners('data'), 6);
    const secure = connect({ socket: below, ca: readFileSync(ca), host: 'localhost' });
    for (const stream of [below, secure]) stream.on('error', () => {});
    await once(secure, 'secureConnect');
    secure.write(call(1, 'appendBatch', batchOf(1), greeting()));
    await once(secure, 'data');
    const gone = once(socket, 'close');
    breakIt(socket);
    await gone;
    // The server has noticed the end of that connection before it takes another one.
    expect(await tryPush(served, layers({ ca }, how))).toBe('OK');
    await served.server.stop();
    const said = served.log.lines.filter(([level]) => level === 'warn');
    expect(said.map(([, , fields]) => fields?.reason)).toEqual(
      reasons.map((reason) => expect.stringMatching(reason)),
    );
  });

  it('does not come about without a version that both take', async () => {
    const old = layers({ ca, mostVersion: 'TLSv1.2' });
    expect(await exchange(layers({ ...server, leastVersion: 'TLSv1.3' }), old)).toMatch(
      /no version of TLS/,
    );
    expect(await exchange(layers(server), old)).toBe('OK');
    const oldest = { leastVersion: 'TLSv1', mostVersion: 'TLSv1' } as const;
    expect(await exchange(layers({ ...server, ...oldest }), layers({ ca, ...oldest }))).toBe('OK');
  });

  it('is not spoken with who does not, and both ends say so', async () => {
    const plain = await serve();
    expect(await tryPush(plain, trusting)).toMatch(/cannot connect/);
    expect(plain.log.lines).toHaveLength(1);
    expect(plain.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/looks like TLS/),
    });
    const secure = await serve({ endpoint: local(layers(server)) });
    expect(await tryPush(secure, PLAIN)).toMatch(/closed the connection|broke off/);
    await eventually(() => secure.log.lines.length === 1);
    expect(secure.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/does not speak TLS/),
    });
    const peer = new Peer(secure.endpoint);
    peer.socket.write('GET / HTTP/1.1\r\n\r\n');
    await peer.closed;
    await eventually(() => secure.log.lines.length === 2);
    expect(secure.log.lines[1][2]).toMatchObject({
      reason: expect.stringMatching(/looks like HTTP/),
    });
  });

  it('is not set up without certificates that can be used', async () => {
    const other = join(directory(), 'no.pem');
    writeFileSync(other, 'not a certificate');
    const wrong: [TlsFiles, RegExp][] = [
      [{}, /without a certificate/],
      [{ cert: server.cert }, /without a certificate/],
      [
        { cert: join(directory(), 'none.pem'), key: server.key },
        /none\.pem cannot be read \(ENOENT\)/,
      ],
      [{ cert: directory(), key: server.key }, /cannot be read \(EISDIR\)/],
      [{ cert: other, key: server.key }, /no\.pem.*PEM/],
      [{ cert: server.cert, key: stranger.key }, /has to be that of the certificate/],
      [{ pfx, passphrase: 'wrong' }, /check the passphrase/],
    ];
    for (const [tls, message] of wrong) {
      const failed = await serve({ endpoint: local(layers(tls)) }).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(LogwinError);
      expect(failed).toMatchObject({
        code: 'source-unusable',
        message: expect.stringMatching(message),
      });
    }
    const { endpoint } = await serve({ endpoint: local(layers(server)) });
    const trusting = client({ ...endpoint, layers: layers({ ca: join(directory(), 'ca.pem') }) });
    await expect(trusting).rejects.toThrow(LogwinError);
  });
});

describe('compression on one end only', () => {
  const deflate = { ...PLAIN, compression: 'deflate' } as const;

  it('is named where the client compresses', async () => {
    const served = await serve();
    expect(await tryPush(served, deflate)).toMatch(/closed the connection|broke off/);
    expect(served.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/looks compressed/),
    });
  });

  it('is named where the server does', async () => {
    const served = await serve({ endpoint: local(deflate) });
    expect(await tryPush(served, PLAIN)).toMatch(/closed the connection|broke off/);
    expect(served.log.lines).toHaveLength(1);
    expect(served.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/not compressed/),
    });
  });

  it('is answered compressed otherwise', async () => {
    const { endpoint } = await serve({ endpoint: local(deflate) });
    const peer = new Peer(endpoint);
    const { deflateSync, inflateSync, constants } = await import('node:zlib');
    const flushed = { flush: constants.Z_SYNC_FLUSH, finishFlush: constants.Z_SYNC_FLUSH };
    peer.socket.write(deflateSync(call(1, 'appendBatch', batchOf(500), greeting()), flushed));
    const inflated = await eventually(() => {
      if (peer.sent.length === 0) return undefined;
      const bytes = inflateSync(peer.sent, { finishFlush: constants.Z_SYNC_FLUSH });
      return bytes.length >= 27 && bytes;
    });
    expect(inflated.subarray(-2)).toEqual(Buffer.of(0, 0));
  });
});
