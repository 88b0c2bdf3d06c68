/** In a file of its own: what other tests left behind would be counted too. */
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { decodeStatus } from '../../src/wire/avro/values.js';
import { eventually } from '../support/scratch.js';
import { batchOf } from './calls.js';
import { client, serve } from './ends.js';
import { int32 } from './frames.js';

const MB = 1024 * 1024;

it('many half messages hold no more memory than there is for all of them', async () => {
  const served = await serve({ maxCall: 16 * MB });
  const half = Buffer.concat([int32(1), int32(1), int32(16 * MB), Buffer.alloc(10 * MB)]);
  const { arrayBuffers } = process.memoryUsage();
  // In a thread of its own, or what waits to be sent would be counted too.
  const sender = new Worker(
    `const { connect } = require('node:net');
     const { workerData: { port, half, count }, parentPort } = require('node:worker_threads');
     const sockets = [];
     for (let i = 0; i < count; i++) {
       const socket = connect({ host: '127.0.0.1', port });
       socket.on('error', () => {});
       socket.write(half);
       sockets.push(socket);
     }
     parentPort.on('message', () => { for (const socket of sockets) socket.destroy(); parentPort.close(); });`,
    { eval: true, workerData: { port: served.endpoint.port, half, count: 20 } },
  );
  const held = (): number => process.memoryUsage().arrayBuffers - arrayBuffers;
  await eventually(() => held() > 50 * MB);
  let before = 0;
  await eventually(() => {
    const still = held() === before;
    before = held();
    return still;
  });
  // Sixteen times four megabytes, the one that goes on, and a chunk each. And what was outgrown and is
  // not collected yet.
  expect(before).toBeLessThan((64 + 16 + 8 + 32) * MB);
  // Small calls of others are served all the same, since they are in turn once the first is gone.
  sender.postMessage('end');
  await new Promise((resolve) => sender.on('exit', resolve));
  const over = await client(served.endpoint);
  expect(decodeStatus(await over.call('appendBatch', [batchOf(10)], 5000))).toBe('OK');
});
