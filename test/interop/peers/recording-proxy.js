/** Stands between two programs, and keeps what either says to the other. */
import { connect, createServer } from 'node:net';

/** @typedef {{ toServer: Buffer, toClient: Buffer }} Exchange one connection */

export class RecordingProxy {
  /** @type {{ toServer: Buffer[], toClient: Buffer[] }[]} */
  #connections = [];
  #server;

  /** @param {number} port where the server listens, on this machine */
  constructor(port) {
    this.#server = createServer((client) => {
      const server = connect(port, '127.0.0.1');
      const pieces = {
        toServer: /** @type {Buffer[]} */ ([]),
        toClient: /** @type {Buffer[]} */ ([]),
      };
      this.#connections.push(pieces);
      client.on('data', (bytes) => pieces.toServer.push(bytes));
      server.on('data', (bytes) => pieces.toClient.push(bytes));
      client.pipe(server).pipe(client);
      // What matters was kept; how it ended does not.
      for (const socket of [client, server]) {
        socket.setNoDelay(true).on('error', () => {
          client.destroy();
          server.destroy();
        });
      }
    });
  }

  /** @returns {Promise<number>} its port */
  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('There is no port.');
    return address.port;
  }

  /** @returns {Exchange[]} */
  get exchanges() {
    return this.#connections.map(({ toServer, toClient }) => ({
      toServer: Buffer.concat(toServer),
      toClient: Buffer.concat(toClient),
    }));
  }

  close() {
    this.#server.close();
  }
}
