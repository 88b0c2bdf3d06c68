import { createDeflate } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../src/core/endpoint.js';
import { Random } from '../../src/traffic/random.js';
import { decodeStatus } from '../../src/wire/avro/values.js';
import { FakeClock } from '../support/fake-clock.js';
import { eventually } from '../support/scratch.js';
import { batchOf, call, greeting } from './calls.js';
import { client, local, Peer, type Served, serve } from './ends.js';
import { int32 } from './frames.js';

const MB = 1024 * 1024;

/** A client that does as it should is served. */
async function expectService({ endpoint }: Served): Promise<void> {
  const over = await client(endpoint);
  expect(decodeStatus(await over.call('appendBatch', [batchOf(10)], 5000))).toBe('OK');
  over.destroy();
}

describe('over sockets', () => {
  it('a probe of another protocol is dropped at once, with one line in the log', async () => {
    const served = await serve();
    const probes = [
      'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n',
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'SSH-2.0-x\r\n',
    ];
    for (const probe of probes) {
      const peer = new Peer(served.endpoint);
      peer.socket.write(Buffer.from(probe, 'latin1'));
      expect(await peer.closed).toHaveLength(0);
    }
    const reasons = served.log.lines.map(([, , fields]) => fields?.reason);
    expect(reasons).toEqual([
      expect.stringMatching(/HTTP/),
      expect.stringMatching(/TLS/),
      expect.stringMatching(/SSH/),
    ]);
    await expectService(served);
  });

  it('a message that stops half way is dropped after a minute', async () => {
    const clock = new FakeClock();
    const served = await serve({ clock });
    const peer = new Peer(served.endpoint);
    peer.socket.write(call(1, 'appendBatch', batchOf(1), greeting()));
    await peer.received(27);
    peer.socket.write(call(2, 'appendBatch', batchOf(1)).subarray(0, 9));
    // The timer is there once the bytes are.
    await eventually(() => clock.timers > 0);
    await eventually(() => {
      clock.advance(60_000);
      return served.log.lines.length > 0;
    });
    expect(await peer.closed).toHaveLength(27);
    expect(served.log.lines).toHaveLength(1);
    await expectService(served);
  });

  it('who sends calls and reads no answers is not read without end, and dropped', async () => {
    const clock = new FakeClock();
    let calls = 0;
    const big = Buffer.alloc(64 * 1024);
    const served = await serve({
      clock,
      handle() {
        calls += 1;
        return Promise.resolve(big);
      },
    });
    const peer = new Peer(served.endpoint);
    peer.socket.pause();
    const many = Array.from({ length: 2000 }, (_, i) => call(i, 'appendBatch', batchOf(1)));
    peer.socket.write(Buffer.concat([call(0, 'appendBatch', batchOf(1), greeting()), ...many]));
    let before = -1;
    await eventually(() => {
      const still = calls > 0 && calls === before;
      before = calls;
      return still;
    });
    expect(calls).toBeLessThan(2000);
    clock.advance(60_000);
    await eventually(() => served.log.lines.length > 0);
    expect(served.log.lines[0][2]).toMatchObject({ reason: expect.stringMatching(/answers/) });
  });

  it('rubbish of all kinds ends its own connection only', async () => {
    const seed = 20261122;
    const random = new Random(seed);
    const served = await serve();
    const good = call(1, 'appendBatch', batchOf(40), greeting());
    const waits: Promise<Buffer>[] = [];
    for (let i = 0; i < 300; i++) {
      const bytes = Buffer.from(good);
      const changes = 1 + random.below(4);
      for (let c = 0; c < changes; c++) bytes[random.below(bytes.length)] = random.below(256);
      const peer = new Peer(served.endpoint);
      peer.socket.end(bytes);
      waits.push(peer.closed);
      if (waits.length === 50) await Promise.all(waits.splice(0));
    }
    await Promise.all(waits);
    await expectService(served);
    expect(served.log.lines.length, `seed ${seed}`).toBeLessThanOrEqual(5);
  });

  it('a little that is a lot when inflated is taken as far as a call may go', async () => {
    const deflate = { ...PLAIN, compression: 'deflate' } as const;
    const served = await serve({ endpoint: local(deflate), maxCall: 4 * MB });
    const bomb = createDeflate({ level: 9 });
    const head = Buffer.concat([int32(1), int32(1), int32(4 * MB)]);
    bomb.write(head);
    const zeroes = Buffer.alloc(8 * MB);
    const chunks: Buffer[] = [];
    bomb.on('data', (chunk) => chunks.push(chunk));
    for (let i = 0; i < 6; i++) bomb.write(zeroes);
    bomb.end();
    await new Promise((resolve) => bomb.on('end', resolve));
    const bytes = Buffer.concat(chunks);
    expect(bytes.length).toBeLessThan(MB / 2);
    const peers = Array.from({ length: 4 }, () => new Peer(served.endpoint));
    const { arrayBuffers } = process.memoryUsage();
    let most = 0;
    const look = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - arrayBuffers);
    }, 5);
    for (const peer of peers) peer.socket.write(bytes);
    await Promise.all(peers.map((peer) => peer.closed));
    clearInterval(look);
    // Each is dropped when its first message is complete, for that is no call.
    expect(most).toBeLessThan(200 * MB);
    expect(served.log.lines.length).toBeGreaterThan(0);
    await expectService(served);
  });
});
