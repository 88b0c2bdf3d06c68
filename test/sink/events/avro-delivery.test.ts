import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../../src/channel/memory-channel.js';
import type { Batch } from '../../../src/core/batch.js';
import { systemClock } from '../../../src/core/clock.js';
import { PLAIN } from '../../../src/core/endpoint.js';
import { AvroDelivery } from '../../../src/sink/events/avro-delivery.js';
import { createEventSink } from '../../../src/sink/events/create-event-sink.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { eventually } from '../../support/scratch.js';
import { type Answer, avroOptions, FarEnd } from './far-end.js';
import { encoded, linesOf, outletOf, sinkConfig } from './parts.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function farEnd(...answers: Answer[]): Promise<FarEnd> {
  const far = new FarEnd();
  far.answers.push(...answers);
  await far.begin();
  open.push({ close: () => far.kill() });
  return far;
}

function deliveryTo(port: number, options = {}, clock = new FakeClock()): AvroDelivery {
  const delivery = new AvroDelivery(avroOptions(port, options), clock);
  open.push(delivery);
  return delivery;
}

/** Takes connections and says nothing. */
async function silent(): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    open.push({ close: () => socket.destroy() });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(server);
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('the avro delivery', () => {
  it('sends all over one connection', async () => {
    const far = await farEnd();
    const delivery = deliveryTo(far.port);
    expect(delivery.peer).toBe(`127.0.0.1:${far.port}`);
    await delivery.deliver(encoded(['a', 'b']));
    await delivery.deliver(encoded(['c']));
    expect(far.bodies).toEqual(['a', 'b', 'c']);
    expect(far.connections).toBe(1);
  });

  it('makes one connection for several that begin together', async () => {
    const far = await farEnd();
    const delivery = deliveryTo(far.port);
    await Promise.all(['a', 'b', 'c'].map((body) => delivery.deliver(encoded([body]))));
    expect(far.connections).toBe(1);
    expect(far.bodies).toHaveLength(3);
  });

  it.each([
    ['FAILED', 'FAILED'],
    ['UNKNOWN', 'UNKNOWN'],
    ['throws', 'it has no room'],
  ] as const)('rejects what is answered %s, and connects anew', async (answer, reason) => {
    const far = await farEnd('OK', answer);
    const delivery = deliveryTo(far.port);
    await delivery.deliver(encoded(['a']));
    await expect(delivery.deliver(encoded(['b']))).rejects.toThrow(reason);
    await delivery.deliver(encoded(['b']));
    expect(far.bodies).toEqual(['a', 'b', 'b']);
    expect(far.connections).toBe(2);
  });

  it('waits for the first answer as for the connection, then as for an answer', async () => {
    const clock = new FakeClock();
    const far = await farEnd('never', 'OK', 'never');
    const times = { connectTimeout: 1000, requestTimeout: 3000 };
    const delivery = deliveryTo(far.port, times, clock);
    const first = expect(delivery.deliver(encoded(['a']))).rejects.toThrow('1000 ms');
    await eventually(() => far.calls.length === 1);
    clock.advance(1000);
    await first;
    await delivery.deliver(encoded(['a']));
    let isOver = false;
    const third = expect(
      delivery.deliver(encoded(['b'])).finally(() => {
        isOver = true;
      }),
    ).rejects.toThrow('3000 ms');
    await eventually(() => far.calls.length === 3);
    clock.advance(2999);
    await new Promise(setImmediate);
    expect(isOver).toBe(false);
    clock.advance(1);
    await third;
    await delivery.deliver(encoded(['b']));
    expect(far.connections).toBe(3);
  });

  it('rejects when the far end says nothing at all', async () => {
    const clock = new FakeClock();
    const delivery = deliveryTo(await silent(), { connectTimeout: 1000 }, clock);
    const over = expect(delivery.deliver(encoded(['a']))).rejects.toThrow('1000 ms');
    await eventually(() => {
      clock.advance(500);
      return clock.timers === 0;
    });
    await over;
  });

  it('rejects where nobody listens, and connects when somebody does', async () => {
    const far = await farEnd();
    await far.kill();
    const delivery = deliveryTo(far.port);
    await expect(delivery.deliver(encoded(['a']))).rejects.toThrow(`127.0.0.1:${far.port}`);
    await far.begin();
    await delivery.deliver(encoded(['a']));
    expect(far.bodies).toEqual(['a']);
  });

  it('rejects when the connection goes in the middle of a call', async () => {
    const far = await farEnd('never');
    const delivery = deliveryTo(far.port);
    const over = expect(delivery.deliver(encoded(['a']))).rejects.toThrow('closed the connection');
    await eventually(() => far.calls.length === 1);
    await far.kill();
    await over;
  });

  it('does not fail for a connection that went while nothing was under way', async () => {
    const far = await farEnd();
    const delivery = deliveryTo(far.port);
    await delivery.deliver(encoded(['a']));
    await far.kill();
    await far.begin();
    await eventually(() => far.calls[0].connection.aborted);
    // Both ends are of this process: once ours has seen the end too.
    for (let i = 0; i < 20; i += 1) await new Promise(setImmediate);
    await delivery.deliver(encoded(['b']));
    expect(far.bodies).toEqual(['a', 'b']);
  });

  it('connects anew after a time, and lets what is under way be answered', async () => {
    const clock = new FakeClock();
    const far = await farEnd('OK', 'OK', 'OK', 'later');
    const delivery = deliveryTo(far.port, { renewAfter: 10_000 }, clock);
    await delivery.deliver(encoded(['a']));
    clock.advance(9999);
    await delivery.deliver(encoded(['b']));
    expect(far.connections).toBe(1);
    clock.advance(1);
    await delivery.deliver(encoded(['c']));
    expect(far.connections).toBe(2);
    await eventually(() => far.calls[0].connection.aborted);
    const pending = delivery.deliver(encoded(['d']));
    await eventually(() => far.calls.length === 4);
    clock.advance(10_000);
    await delivery.deliver(encoded(['e']));
    expect(far.connections).toBe(3);
    expect(far.calls[3].connection.aborted).toBe(false);
    far.release();
    await pending;
    await eventually(() => far.calls[3].connection.aborted);
  });

  it('rejects what is under way when it is closed, and all after that', async () => {
    const far = await farEnd('OK', 'never');
    const delivery = deliveryTo(far.port);
    await delivery.deliver(encoded(['a']));
    const over = expect(delivery.deliver(encoded(['b']))).rejects.toThrow();
    await eventually(() => far.calls.length === 2);
    await delivery.close();
    await over;
    await expect(delivery.deliver(encoded(['b']))).rejects.toThrow();
    expect(far.calls).toHaveLength(2);
  });

  it('cannot be opened with certificates that cannot be used', async () => {
    const layers = { ...PLAIN, tls: { ca: '/nowhere/ca.pem' } };
    const delivery = deliveryTo(1, { layers });
    await expect(delivery.open()).rejects.toMatchObject({ code: 'source-unusable' });
  });

  it('leaves no connection where it is closed while it connects', async () => {
    const far = await farEnd();
    const delivery = deliveryTo(far.port);
    const over = expect(delivery.deliver(encoded(['a']))).rejects.toThrow();
    await delivery.close();
    await over;
    expect(far.calls).toEqual([]);
  });

  it('waits for no connection that is under way where it is closed', async () => {
    const clock = new FakeClock();
    // Who listens never answers the first message of TLS.
    const layers = { ...PLAIN, tls: { trustAll: true } };
    const delivery = deliveryTo(await silent(), { layers }, clock);
    const over = expect(delivery.deliver(encoded(['a']))).rejects.toThrow();
    await delivery.close();
    await over;
    expect(clock.timers).toBe(0);
  });
});

describe('a sink with a far end that goes wrong', () => {
  it('delivers all in order, whatever the far end says', async () => {
    const far = await farEnd('FAILED', 'OK', 'throws', 'UNKNOWN', 'OK', 'FAILED');
    const clock = new FakeClock();
    const config = sinkConfig({ deliveries: [{ kind: 'avro', ...avroOptions(far.port) }] });
    const sink = await createEventSink(config, {
      clock,
      log: new RecordedLog(),
      maxLine: 1_000_000,
    });
    open.push(sink);
    await sink.open();
    const batches = [linesOf(['a', 'b', 'c']), linesOf(['d', 'e'])];
    const delivered: Batch[] = [];
    let isOver = false;
    void sink
      .run(outletOf(batches), (batch) => delivered.push(batch))
      .then(() => {
        isOver = true;
      });
    await eventually(() => {
      clock.advance(100);
      return isOver;
    });
    expect(delivered).toEqual(batches);
    expect(far.bodies.join('')).toBe('ab' + 'ab' + 'cd' + 'cd' + 'cd' + 'e' + 'e');
  });

  it.each([
    ['nothing', PLAIN],
    ['compression', { ...PLAIN, compression: 'deflate' }],
  ] as const)('delivers many chunks as they were through %s', async (_, layers) => {
    const far = new FarEnd();
    await far.begin(layers);
    open.push({ close: () => far.kill() });
    const config = sinkConfig({
      batch: 70,
      inFlight: 3,
      deliveries: [{ kind: 'avro', ...avroOptions(far.port, { layers }) }],
    });
    const sink = await createEventSink(config, {
      clock: systemClock,
      log: new RecordedLog(),
      maxLine: 1_000_000,
    });
    open.push(sink);
    const lines = Array.from({ length: 5000 }, (_, at) => `${at} `.repeat(at % 40));
    const batches = Array.from({ length: 50 }, (_, at) =>
      linesOf(lines.slice(100 * at, 100 * at + 100)),
    );
    await sink.run(outletOf(batches), () => {});
    expect(far.bodies).toEqual(lines);
  });

  it('delivers every line though the far end is killed 20 times', async () => {
    const BATCH = 50;
    const far = await farEnd();
    const log = new RecordedLog();
    const config = sinkConfig({
      batch: BATCH,
      deliveries: [{ kind: 'avro', ...avroOptions(far.port) }],
    });
    // Only what is waited for between attempts is made short.
    const clock = {
      ...systemClock,
      after: (delay: number, callback: () => void) =>
        systemClock.after(delay === 20_000 ? delay : 1, callback),
    };
    const sink = await createEventSink(config, { clock, log, maxLine: 1_000_000 });
    open.push(sink);
    const channel = new MemoryChannel({ lines: 200, bytes: 100_000 });
    const run = sink.run(channel, (batch) => channel.acknowledge(batch));
    const lines = Array.from({ length: 6000 }, (_, at) => `line ${at}`);
    // What does not fit the channel waits for what is delivered.
    const putting = (async () => {
      for (let at = 0; at < lines.length; at += 30) {
        await channel.put(linesOf(lines.slice(at, at + 30)));
      }
    })();
    for (let round = 0; round < 20; round += 1) {
      far.answers.push('OK', 'OK', round % 2 ? 'dies' : 'never');
      const calls = far.calls.length + 3;
      await eventually(() => far.calls.length === calls);
      await far.kill();
      await far.begin();
    }
    await putting;
    channel.close();
    await run;
    const unique = [...new Set(far.bodies)];
    expect(unique).toEqual(lines);
    const doubled = far.bodies.length - unique.length;
    expect(doubled).toBeGreaterThan(0);
    expect(doubled).toBeLessThanOrEqual(20 * BATCH);
    expect(log.lines.filter(([level]) => level === 'warn')).toHaveLength(20);
  });
});
