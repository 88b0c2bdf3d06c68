import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LineBatch } from '../../src/core/batch.js';
import { findHeader } from '../../src/wire/avro/headers.js';
import { eventually } from '../support/scratch.js';
import { AvroRig, bodies, type RigOptions, settled, untilMoved } from './avro-rig.js';

let rig: AvroRig;

/** Running, with a channel that is emptied unless told otherwise. */
async function start(options: RigOptions = {}, pumps = true): Promise<AvroRig> {
  rig = new AvroRig(options);
  await rig.start();
  if (pumps) void rig.pump();
  return rig;
}

afterEach(() => rig.end());

/** What becomes of a call, once it is known. */
function watched(call: Promise<string>): { outcome: string | undefined } {
  const watch: { outcome: string | undefined } = { outcome: undefined };
  call.then(
    (status) => {
      watch.outcome = status;
    },
    (error) => {
      watch.outcome = String(error);
    },
  );
  return watch;
}

/** So long that only one is let into a channel of `SMALL`. */
const LONG = 'x'.repeat(900);
const SMALL = { capacity: 1000 };

describe('what senders push', () => {
  it('goes into the channel as lines, in the order of their calls', async () => {
    const sender = await (await start()).connect();
    expect(await sender.send(...bodies('a', 'b'))).toBe('OK');
    expect(await sender.append({ body: 'c', headers: { file: 'f' } })).toBe('OK');
    expect(await sender.send({ body: 'd', headers: { file: 'g' } })).toBe('OK');
    expect(rig.lines).toEqual(['a', 'b', 'c', 'd']);
  });

  it('has positions that count bytes, of all senders together', async () => {
    await start();
    const [one, other] = [await rig.connect(), await rig.connect()];
    await one.send(...bodies('a', 'bc'));
    await other.send(...bodies('def'));
    await one.send(...bodies(''));
    const extents = rig.batches.map(({ start, end }) => [start, end]);
    expect(extents).toEqual([
      [0, 5],
      [5, 9],
      [9, 10],
    ]);
    expect(new Set(rig.batches.map(({ origin }) => origin)).size).toBe(1);
  });

  it('counts as the lines that a body holds, without the line end that it ends with', async () => {
    const sender = await (await start()).connect();
    await sender.send(...bodies('a\nb', 'c\n', '', '\n', '\n\n', 'd\r\n'));
    expect(rig.lines).toEqual(['a', 'b', 'c', '', '', '', '', 'd\r']);
  });

  it('is nothing where a call has no events', async () => {
    const sender = await (await start()).connect();
    expect(await sender.send()).toBe('OK');
    expect(rig.batches).toEqual([]);
  });

  it('has headers where they are asked for, and not else', async () => {
    const event = { body: 'a', headers: { host: 'h' } };
    const sender = await (await start()).connect();
    await sender.send(event);
    expect(rig.batches[0]).not.toHaveProperty('events');
    await rig.end();
    const other = await (await start({ use: 'lines with headers' })).connect();
    await other.send(event);
    const [batch] = rig.batches;
    if (batch.kind !== 'lines' || batch.events === undefined) throw new Error('no events');
    const { headers } = batch.events;
    const extent = new Int32Array(2);
    expect(findHeader(headers, 0, headers.length, Buffer.from('host'), extent)).toBe(true);
    expect(String(Buffer.from(headers).subarray(extent[0], extent[1]))).toBe('h');
  });

  it('stays as it came where events go on', async () => {
    const sender = await (await start({ use: 'events', maxLine: 10 })).connect();
    await sender.send(...bodies('a\nb\n', '', 'x'.repeat(11), 'c'));
    expect(rig.lines).toEqual(['a', 'b', '', '', 'x'.repeat(11), 'c']);
    const [first] = rig.batches;
    expect(first.kind === 'lines' && first.events).toMatchObject({
      ends: Uint32Array.of(5, 6, 18, 20),
    });
  });

  it('is cut into batches where a call is long, and answered when all are in', async () => {
    await start({ maxLine: 100, capacity: 5000 });
    const lines = Array.from({ length: 2000 }, (_, index) => `line ${index} `.padEnd(80, '.'));
    lines[500] = 'y'.repeat(101);
    lines[1500] = 'y'.repeat(300);
    const sender = await rig.connect();
    expect(await sender.send(...bodies(...lines))).toBe('OK');
    const wanted = lines.map((line) => (line.startsWith('y') ? 'too long' : line));
    expect(rig.lines).toEqual(wanted);
    expect(rig.batches.length).toBeGreaterThan(20);
    const longest = rig.batches.map((batch) => (batch.kind === 'lines' ? batch.bytes.length : 0));
    expect(Math.max(...longest)).toBeLessThanOrEqual(rig.cutting.readBytes);
    const end = rig.batches.at(-1)?.end;
    expect(end).toBe(lines.reduce((sum, line) => sum + line.length + 1, 0));
  });

  it('stays together where calls of one sender are under way side by side', async () => {
    await start({ ack: 'durable', maxLine: 100, capacity: 5000 });
    const sender = await rig.connect();
    const call = (name: string) =>
      Array.from({ length: 300 }, (_, index) => `${name} ${index} `.padEnd(80, '.'));
    const calls = ['a', 'b', 'c'].map(call);
    expect(await Promise.all(calls.map((lines) => sender.send(...bodies(...lines))))).toEqual([
      'OK',
      'OK',
      'OK',
    ]);
    expect(rig.lines).toEqual(calls.flat());
  });

  it('lies in memory that is used again once it is added, and not before', async () => {
    const { channel } = await start({ maxLine: 50_000 }, false);
    const sender = await rig.connect();
    const take = async (): Promise<{ batch: LineBatch; text: string }> => {
      const batch = await channel.take();
      if (batch?.kind !== 'lines') throw new Error('no lines came');
      return { batch, text: Buffer.from(batch.bytes).toString() };
    };
    const textOf = (name: string): string => name.repeat(20_000);
    const names = ['a', 'b', 'c'];
    for (const name of names) await sender.send(...bodies(textOf(name)));
    const taken = [await take(), await take(), await take()];
    expect(taken.map(({ text }) => text)).toEqual(names.map((name) => `${textOf(name)}\n`));
    const [first, ...others] = taken.map(({ batch }) => batch);
    first.origin.added(first, 1);
    for (const name of ['d', 'e']) await sender.send(...bodies(textOf(name)));
    // Those that are not added are as they were.
    const texts = others.map(({ bytes }) => Buffer.from(bytes).toString());
    expect(texts).toEqual([`${textOf('b')}\n`, `${textOf('c')}\n`]);
    for (const batch of others) batch.origin.added(batch, 1);
    await take();
    await take();
    await sender.send(...bodies(textOf('f')));
    const buffers = others.map(({ bytes }) => bytes.buffer);
    expect(buffers).toContain((await take()).batch.bytes.buffer);
  });

  it('holds no more memory than it weighs in the channel', async () => {
    const sender = await (await start()).connect();
    await sender.send({ body: 'a', headers: { padding: 'x'.repeat(100_000) } });
    const [batch] = rig.batches;
    expect(batch.kind === 'lines' && batch.bytes.buffer.byteLength).toBeLessThan(10);
  });

  it('is said to come and go for those who look for it', async () => {
    const sender = await (await start()).connect();
    await sender.send(...bodies('a'));
    await sender.send(...bodies('b'));
    expect(rig.said('info')).toContain('A sender has connected, the first from there.');
    expect(rig.said('debug')).toEqual([]);
    const other = await rig.connect();
    await other.send(...bodies('c'));
    expect(rig.said('debug')).toEqual(['A sender has connected.']);
    sender.client.destroy();
    await eventually(() => rig.said('debug').includes('A sender has gone.'));
  });

  it.each([
    ['is cut short', Uint8Array.of(2, 2)],
    ['has more than its events', Uint8Array.of(2, 0, 2, 0x61, 0, 0)],
  ])('ends the connection where a call %s, and no other', async (_, call) => {
    await start();
    const [bad, good] = [await rig.connect(), await rig.connect()];
    await good.send(...bodies('a'));
    await expect(bad.client.call('appendBatch', [call], 0)).rejects.toThrow();
    await bad.client.closed;
    expect(await good.send(...bodies('b'))).toBe('OK');
    expect(rig.lines).toEqual(['a', 'b']);
    expect(rig.hasEnded).toBe(false);
  });
});

describe('an answer', () => {
  it('is given when the events are in the channel', async () => {
    const sender = await (await start({}, false)).connect();
    expect(await sender.send(...bodies('a'))).toBe('OK');
    expect(rig.batches).toEqual([]);
    expect(rig.memory.demanded).toEqual([]);
  });

  it('is given when the events are in the journal, one write for several senders', async () => {
    rig = new AvroRig({ ack: 'durable' });
    rig.memory.recording = 'never';
    await rig.start();
    void rig.pump();
    expect(rig.memory.demanded).toEqual(['avro://127.0.0.1:0']);
    const [one, other] = [await rig.connect(), await rig.connect()];
    const calls = [watched(one.send(...bodies('a'))), watched(other.send(...bodies('b')))];
    await eventually(() => rig.batches.length === 2);
    await settled();
    expect(calls.map(({ outcome }) => outcome)).toEqual([undefined, undefined]);
    rig.memory.record();
    await eventually(() => calls.every(({ outcome }) => outcome === 'OK'));
  });

  it('waits for the own events, and for no others', async () => {
    rig = new AvroRig({ ack: 'durable' });
    rig.memory.recording = 'never';
    await rig.start();
    void rig.pump();
    const [one, other] = [await rig.connect(), await rig.connect()];
    const first = watched(one.send(...bodies('a')));
    await eventually(() => rig.batches.length === 1);
    const second = watched(other.send(...bodies('b')));
    await eventually(() => rig.batches.length === 2);
    const [{ origin, end }] = rig.batches;
    origin.acknowledged(end);
    await eventually(() => first.outcome === 'OK');
    await settled();
    expect(second.outcome).toBeUndefined();
  });

  it('does not wait for what was given back', async () => {
    rig = new AvroRig({ ack: 'durable', ...SMALL });
    rig.memory.recording = 'never';
    await rig.start();
    const senders = [await rig.connect(), await rig.connect(), await rig.connect()];
    const calls: ReturnType<typeof watched>[] = [];
    for (const sender of senders) {
      const before = rig.clock.timers;
      calls.push(watched(sender.send(...bodies(LONG))));
      if (calls.length > 1) await eventually(() => rig.clock.timers > before);
      else await settled();
    }
    senders[2].client.destroy();
    await settled();
    void rig.pump();
    await eventually(() => rig.batches.length === 2);
    rig.memory.record();
    await eventually(() => calls[1].outcome === 'OK');
  });

  it('is FAILED where there is no room for so long, and then nothing is in', async () => {
    await start({ ...SMALL, patience: 3000 }, false);
    const sender = await rig.connect();
    expect(await sender.send(...bodies(LONG))).toBe('OK');
    const before = rig.clock.timers;
    const call = watched(sender.send(...bodies(LONG, LONG)));
    await eventually(() => rig.clock.timers > before);
    rig.clock.advance(2999);
    await settled();
    expect(call.outcome).toBeUndefined();
    rig.clock.advance(1);
    await eventually(() => call.outcome === 'FAILED');
    expect(rig.said('warn')).toHaveLength(1);
    void rig.pump();
    expect(await sender.send(...bodies('b'))).toBe('OK');
    expect(rig.lines).toEqual([LONG, 'b']);
  });

  it('is said to be FAILED once, until nobody was refused for a minute', async () => {
    await start({ ...SMALL, patience: 1000 }, false);
    const sender = await rig.connect();
    await sender.send(...bodies(LONG));
    const fail = async (): Promise<void> => {
      const call = watched(sender.send(...bodies(LONG)));
      await untilMoved(rig.clock, () => call.outcome === 'FAILED');
    };
    await fail();
    await fail();
    expect(rig.said('warn')).toHaveLength(1);
    const batch = await rig.channel.take();
    if (batch) rig.channel.acknowledge(batch);
    expect(await sender.send(...bodies(LONG))).toBe('OK');
    await fail();
    expect(rig.said('warn')).toHaveLength(1);
    rig.clock.advance(60_000);
    await fail();
    expect(rig.said('warn')).toHaveLength(2);
    const places = rig.log.lines
      .filter(([level]) => level === 'warn')
      .map(([, , said]) => said?.at);
    expect(places).toEqual([`127.0.0.1:${rig.port}`, `127.0.0.1:${rig.port}`]);
  });

  it('need not be given where the sender has gone, and then nothing is in', async () => {
    await start(SMALL, false);
    const [one, other] = [await rig.connect(), await rig.connect()];
    await one.send(...bodies(LONG));
    const before = rig.clock.timers;
    const gone = watched(other.send(...bodies(LONG)));
    await eventually(() => rig.clock.timers > before);
    other.client.destroy();
    await eventually(() => gone.outcome !== undefined && rig.clock.timers <= before);
    void rig.pump();
    await one.send(...bodies('b'));
    expect(rig.lines).toEqual([LONG, 'b']);
    expect(rig.said('warn')).toEqual([]);
  });
});

describe('the end', () => {
  it('comes at once where nothing is under way, and then nobody is let in', async () => {
    const sender = await (await start()).connect();
    await sender.send(...bodies('a'));
    rig.source.stop();
    await rig.running;
    await expect(sender.send(...bodies('b'))).rejects.toThrow();
    expect(rig.lines).toEqual(['a']);
    await rig.source.close();
    await expect(rig.connect()).rejects.toThrow();
  });

  it('answers FAILED to who waits for room', async () => {
    await start(SMALL, false);
    const sender = await rig.connect();
    await sender.send(...bodies(LONG));
    const before = rig.clock.timers;
    const call = watched(sender.send(...bodies(LONG)));
    await eventually(() => rig.clock.timers > before);
    rig.source.stop();
    await rig.running;
    await eventually(() => call.outcome === 'FAILED');
    expect(rig.said('warn')).toEqual([]);
  });

  it('answers FAILED to a long call as well, of which then nothing is in', async () => {
    await start({ maxLine: 900, capacity: 5000 }, false);
    const [one, other] = [await rig.connect(), await rig.connect()];
    const lines = Array.from({ length: 20 }, () => LONG);
    expect(await one.send(...bodies(...lines))).toBe('OK');
    const call = watched(other.send(...bodies(...lines)));
    await eventually(() => rig.clock.timers > 0);
    await settled();
    expect(call.outcome).toBe(undefined);
    rig.source.stop();
    await eventually(() => call.outcome === 'FAILED');
    const pumped = rig.pump();
    await rig.running;
    await pumped;
    expect(rig.lines).toEqual(lines);
  });

  it('waits for the journal, and answers OK', async () => {
    rig = new AvroRig({ ack: 'durable' });
    rig.memory.recording = 'never';
    await rig.start();
    void rig.pump();
    const call = watched((await rig.connect()).send(...bodies('a')));
    await eventually(() => rig.batches.length === 1);
    rig.source.stop();
    await settled();
    expect(rig.hasEnded).toBe(false);
    rig.memory.record();
    await rig.running;
    await eventually(() => call.outcome === 'OK');
  });

  it('waits no longer than five seconds for the journal, and gives no answer then', async () => {
    rig = new AvroRig({ ack: 'durable' });
    rig.memory.recording = 'never';
    await rig.start();
    void rig.pump();
    const call = watched((await rig.connect()).send(...bodies('a')));
    await eventually(() => rig.batches.length === 1);
    rig.source.stop();
    await settled();
    rig.clock.advance(4999);
    await settled();
    expect(rig.hasEnded).toBe(false);
    rig.clock.advance(1);
    await rig.running;
    await eventually(() => call.outcome?.includes('closed'));
  });

  it('before the run began answers FAILED to who was held back', async () => {
    rig = new AvroRig();
    await rig.start(false);
    const call = watched((await rig.connect()).send(...bodies('a')));
    await settled();
    expect(call.outcome).toBeUndefined();
    rig.source.stop();
    await eventually(() => call.outcome === 'FAILED');
    rig.run();
    await rig.running;
  });

  it('is that of a bug where a put fails', async () => {
    rig = new AvroRig();
    await rig.start(false);
    const bug = new Error('a bug');
    const running = rig.source.run({ put: () => Promise.reject(bug) });
    const call = watched((await rig.connect()).send(...bodies('a')));
    await expect(running).rejects.toBe(bug);
    await eventually(() => call.outcome !== undefined && call.outcome !== 'OK');
  });
});

describe('a port', () => {
  it('that somebody else has is an error that says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    rig = new AvroRig({ port });
    await expect(rig.start()).rejects.toMatchObject({ code: 'source-unusable' });
    other.close();
  });

  it('that was not asked for by number is said in the log', async () => {
    await start();
    expect(rig.log.lines[0]).toMatchObject(['info', 'Listening for events.', {}]);
    expect(rig.port).toBeGreaterThan(0);
  });
});
