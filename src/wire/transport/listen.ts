import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Endpoint, type Layers, placeOf } from '../../core/endpoint.js';
import { LogwinError, messageOf, systemCode } from '../../core/errors.js';
import { Deflated } from './deflated.js';
import { KEEP_ALIVE } from './keep-alive.js';
import type { TlsServer } from './tls-server.js';

const BACKLOG = 1024;

/**
 * Listens, and hands over each connection as it comes. `failed` is told of those that could not be taken
 * (there may be too many open files); the server goes on. Throws a `LogwinError` (`source-unusable`)
 * where the port cannot be had.
 */
export async function listen(
  { host, port }: Pick<Endpoint, 'host' | 'port'>,
  connected: (socket: Socket) => void,
  failed: (error: Error) => void = () => {},
): Promise<Server> {
  // Who half closes still gets the answers to what it sent.
  const server = createServer({ noDelay: true, ...KEEP_ALIVE, allowHalfOpen: true }, connected);
  return await new Promise((resolve, reject) => {
    server.once('error', (error) => reject(unusable(placeOf({ host, port }), error)));
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.removeAllListeners('error').on('error', failed);
      resolve(server);
    });
  });
}

/**
 * Puts the layers on a connection that came. `ready` is given the stream that frames travel in, `failed`
 * why there is none; one of them, once. Where the connection ends first, neither may be.
 */
export function accept(
  socket: Socket,
  layers: Layers,
  tls: TlsServer | undefined,
  ready: (stream: Duplex) => void,
  failed: (error: Error) => void,
): void {
  const compressed = layers.compression === 'deflate';
  const deflated = (below: Duplex): Duplex => new Deflated(below, layers.level);
  if (tls === undefined) {
    ready(compressed ? deflated(socket) : socket);
  } else if (compressed && layers.tlsInside) {
    const below = deflated(socket);
    below.on('error', failed);
    const secured = (stream: Duplex): void => {
      // From here on what fails below is told by the stream above it.
      below.off('error', failed);
      ready(stream);
    };
    tls.secure(below, secured, failed);
  } else {
    const above = compressed ? (stream: Duplex) => ready(deflated(stream)) : ready;
    tls.secure(socket, above, failed);
  }
}

function unusable(place: string, error: Error): Error {
  const code = systemCode(error);
  switch (code) {
    case undefined:
      return error;
    case 'EADDRINUSE':
      return new LogwinError(
        'source-unusable',
        `cannot listen on ${place}: something else does (${code})`,
        'stop that, or take another port',
      );
    case 'EACCES':
      return new LogwinError(
        'source-unusable',
        `cannot listen on ${place}: it is not allowed (${code})`,
        'take a port above 1023',
      );
    default:
      return new LogwinError(
        'source-unusable',
        `cannot listen on ${place}: ${messageOf(error)}`,
        'check the address: it has to be one of this machine, or 0.0.0.0 or :: for all of them',
      );
  }
}
