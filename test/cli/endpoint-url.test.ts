import { describe, expect, it } from 'vitest';
import { parseEndpointUrl } from '../../src/cli/endpoint-url.js';
import { type Layers, PLAIN } from '../../src/core/endpoint.js';

const listen = (text: string, ...known: string[]) =>
  parseEndpointUrl('source', text, 'listen', known);
const connect = (text: string, ...known: string[]) =>
  parseEndpointUrl('--to', text, 'connect', known);

const refused = (message: RegExp) =>
  expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) });

describe('a place', () => {
  it.each([
    ['avro://127.0.0.1:9092', '127.0.0.1', 9092],
    ['avro://0.0.0.0:9092/', '0.0.0.0', 9092],
    ['avro://logs.example.org:1', 'logs.example.org', 1],
    ['avro://[::1]:65535', '::1', 65_535],
    ['avro://[fe80::1%eth0]:9092', 'fe80::1%eth0', 9092],
    ['AVRO://:9092', '127.0.0.1', 9092],
    ['avro://localhost:0', 'localhost', 0],
  ])('%s to listen at', (text, host, port) => {
    const expected = { scheme: 'avro', hosts: [{ host, port }], layers: PLAIN };
    expect(listen(text)).toEqual({ ...expected, parameters: new Map() });
  });

  it('to connect to may be one of several', () => {
    const { hosts, scheme } = connect('flume+pull://a:1,[::1]:2,b:3?compression=deflate');
    expect(scheme).toBe('flume+pull');
    expect(hosts).toEqual([
      { host: 'a', port: 1 },
      { host: '::1', port: 2 },
      { host: 'b', port: 3 },
    ]);
  });

  it.each([
    ['avro://', /^source avro:\/\/ names no host and port; write a name/],
    ['avro://host', /has no HOST:PORT in 'host'/],
    ['avro://9092', /has no HOST:PORT in '9092'/],
    ['avro://host:', /has no HOST:PORT in 'host:'/],
    ['avro://host:abc', /has no HOST:PORT/],
    ['avro://host:-1', /has no HOST:PORT/],
    ['avro://user@host:1', /has no HOST:PORT/],
    ['avro://::1:9092', /has no HOST:PORT in '::1:9092'/],
    ['avro://[::1]', /has no HOST:PORT/],
    ['avro://a b:1', /has no HOST:PORT/],
    ['avro://host:65536', /has no port 65536; give one of 0 to 65535/],
    ['avro://a:1,b:2', /names several hosts to listen at; name each/],
    ['avro://host:1/path', /is no URL; write it as SCHEME:/],
    ['avro://host:1#part', /is no URL/],
    ['host:1', /is no URL/],
  ])('%s cannot be listened at', (text, message) => {
    expect(() => listen(text)).toThrow(refused(message));
  });

  it.each([
    ['avro://:9092', /^--to avro:\/\/:9092 names no host to connect to/],
    ['avro://host:0', /has no port 0; give one of 1 to/],
    ['avro://a:1,', /names no host and port/],
    ['avro://a:1,:2', /names no host to connect to/],
  ])('%s cannot be connected to', (text, message) => {
    expect(() => connect(text)).toThrow(refused(message));
  });
});

describe('layers', () => {
  it.each<[string, Partial<Layers>]>([
    ['compression=none', {}],
    ['compression=deflate', { compression: 'deflate' }],
    ['compression=deflate&level=0', { compression: 'deflate', level: 0 }],
    ['tls=off', {}],
    ['tls=on', { tls: {} }],
    ['ca=my%20ca.pem', { tls: { ca: 'my ca.pem' } }],
    ['trust=all', { tls: { trustAll: true } }],
    ['cert=/a+b.pem&key=k', { tls: { cert: '/a+b.pem', key: 'k' } }],
    ['tls=on&pfx=p%26&passphrase-file=s', { tls: { pfx: 'p&', passphraseFile: 's' } }],
    [
      'compression=deflate&tls=on&tls-order=outside',
      { compression: 'deflate', tls: {}, tlsInside: false },
    ],
    ['tls=on&compression=deflate&tls-order=inside', { compression: 'deflate', tls: {} }],
  ])('?%s', (query, layers) => {
    expect(connect(`avro://a:1?${query}`).layers).toEqual({ ...PLAIN, ...layers });
  });

  it('of who listens have a certificate where they have TLS', () => {
    const { layers } = listen('avro://:1?cert=c&key=k&ca=a');
    expect(layers.tls).toEqual({ cert: 'c', key: 'k', ca: 'a' });
    for (const query of ['tls=on', 'ca=a'])
      expect(() => listen(`avro://:1?${query}`)).toThrow(
        refused(/listens with TLS and has no certificate; add cert=FILE and key=FILE, or pfx=FILE/),
      );
    expect(() => listen('avro://:1?trust=all')).toThrow(refused(/listens, and has trust/));
  });

  it.each([
    ['compresion=deflate', /has an unknown parameter 'compresion'; choose of compression, level/],
    ['compression=gzip', /compression gzip is not known; choose one of none, deflate/],
    ['compression', /gives 'compression' no value/],
    ['compression=', /gives 'compression' no value/],
    ['level=3', /has a level without compression; add compression=deflate/],
    ['compression=deflate&level=10', /level 10 is too many; stay at or below 9/],
    ['tls=1', /tls 1 is not known; choose one of on, off/],
    ['tls=on&tls=off', /gives 'tls' twice/],
    ['tls=off&ca=a', /has tls=off and ca/],
    ['cert=c', /has cert without key; add key=FILE/],
    ['key=k', /has key without cert; add cert=FILE/],
    ['cert=c&key=k&pfx=p', /has a certificate twice/],
    ['passphrase-file=p', /has a passphrase for no key/],
    ['passphrase=secret', /has an unknown parameter 'passphrase'/],
    ['trust=some', /trust some is not known/],
    ['trust=all&ca=a', /trusts all, and has ca/],
    ['tls=on&tls-order=inside', /has nothing to order/],
    ['compression=deflate&tls-order=inside', /has nothing to order/],
    ['ca=%zz', /has a broken '%' in '%zz'; write '%' itself as %25/],
    ['&', /has an unknown parameter ''/],
    ['batch=1', /has an unknown parameter 'batch'/],
  ])('?%s is refused', (query, message) => {
    expect(() => connect(`avro://a:1?${query}`)).toThrow(refused(message));
  });

  it('leave room for parameters of the caller’s', () => {
    const { parameters, layers } = connect('avro://a:1?batch=5%30&compression=deflate', 'batch');
    expect([...parameters]).toEqual([['batch', '50']]);
    expect(layers.compression).toBe('deflate');
  });
});
