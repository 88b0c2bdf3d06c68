import { connect as connectSocket, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectTls, type SecureContextOptions } from 'node:tls';
import type { Clock } from '../../core/clock.js';
import { type Endpoint, placeOf, type TlsFiles } from '../../core/endpoint.js';
import { ConnectionError } from '../connection-error.js';
import { Deflated } from './deflated.js';
import { explain } from './explanation.js';
import { KEEP_ALIVE } from './keep-alive.js';
import { readTlsFiles } from './tls-files.js';

const GIVEN_UP = 'it was given up';

/**
 * Connects through all layers. Rejects with a `ConnectionError` that names the endpoint, after `timeout`
 * milliseconds at the latest and as soon as `signal` comes, or with a `LogwinError` where a TLS file
 * cannot be used. What comes is the stream that frames travel in; whatever happens below it ends it.
 */
export async function connect(
  endpoint: Endpoint,
  timeout: number,
  clock: Clock,
  signal?: AbortSignal,
): Promise<Duplex> {
  if (signal?.aborted) throw cannotConnect(endpoint, GIVEN_UP);
  const { host, port, layers } = endpoint;
  const secrets = layers.tls === undefined ? undefined : readTlsFiles(layers.tls);
  const socket = connectSocket({ host, port, noDelay: true, ...KEEP_ALIVE });
  let streams: Duplex[] = [socket];
  return await new Promise((resolve, reject) => {
    const timer = clock.after(timeout, () => {
      fail(new Error(`it did not answer within ${timeout} ms`));
    });
    const settle = (): void => {
      timer.cancel();
      signal?.removeEventListener('abort', giveUp);
    };
    const fail = (error: unknown): void => {
      settle();
      // First, for some end at once, and that is no reason.
      reject(cannotConnect(endpoint, explain(error)));
      for (const stream of streams) stream.destroy();
    };
    const giveUp = (): void => fail(new Error(GIVEN_UP));
    signal?.addEventListener('abort', giveUp);
    const ended = (): void => fail(new Error('it closed the connection'));
    const watch = (stream: Duplex): void => {
      // The listener for errors stays: what fails below has already ended the stream above it.
      stream.on('error', fail);
      stream.on('close', ended);
    };
    watch(socket);
    socket.once('connect', () => {
      streams = layered(socket, endpoint, secrets);
      for (const stream of streams) if (stream !== socket) watch(stream);
      const top = streams[streams.length - 1];
      const secure = streams.find((stream) => 'encrypted' in stream);
      const ready = (): void => {
        settle();
        for (const stream of streams) stream.off('close', ended);
        resolve(top);
      };
      if (secure === undefined) ready();
      else secure.once('secureConnect', ready);
    });
  });
}

function cannotConnect(endpoint: Endpoint, why: string): ConnectionError {
  return new ConnectionError(`cannot connect to ${placeOf(endpoint)}: ${why}`);
}

/** From the socket to what frames travel in. */
function layered(
  socket: Socket,
  { host, layers }: Endpoint,
  secrets: SecureContextOptions | undefined,
): Duplex[] {
  const compressed = layers.compression === 'deflate';
  const streams: Duplex[] = [socket];
  const onTop = (make: (below: Duplex) => Duplex): void => {
    const below = streams[streams.length - 1];
    const above = make(below);
    streams.push(above);
    below.on('error', (error) => above.destroy(error));
    below.on('close', () => above.destroy());
  };
  const tls = layers.tls;
  const secure = (below: Duplex): Duplex => connectTls(tlsOptions(below, host, tls, secrets));
  if (secrets !== undefined && !(compressed && layers.tlsInside)) onTop(secure);
  if (compressed) onTop((below) => new Deflated(below, layers.level));
  if (secrets !== undefined && compressed && layers.tlsInside) onTop(secure);
  return streams;
}

function tlsOptions(
  socket: Duplex,
  host: string,
  tls: TlsFiles | undefined,
  secrets: SecureContextOptions | undefined,
): ConnectionOptions {
  return {
    ...secrets,
    socket,
    host,
    // The name of a server is a name; addresses are not allowed there.
    ...(isIP(host) === 0 ? { servername: host } : {}),
    rejectUnauthorized: tls?.trustAll !== true,
  };
}
