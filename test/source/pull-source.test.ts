import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { PullOptions } from '../../src/core/config.js';
import { PLAIN } from '../../src/core/endpoint.js';
import type { Intake } from '../../src/core/stages.js';
import { PullSource } from '../../src/source/pull/pull-source.js';
import { SPARK } from '../../src/wire/avro/protocols.js';
import { type Call, RpcServer } from '../../src/wire/avro/rpc-server.js';
import {
  decodeGetEventBatch,
  decodeSequence,
  encodeEventBatch,
  NULL_RESULT,
} from '../../src/wire/avro/values.js';
import { RecordedLog } from '../support/recorded-log.js';
import { eventually, scratch } from '../support/scratch.js';
import {
  bodies,
  EventRig,
  encodeEvents,
  type RigOptions,
  settled,
  type TestEvent,
  untilMoved,
} from './avro-rig.js';

interface Given {
  readonly sequence: string;
  readonly events: readonly TestEvent[];
}

/** The far end: gives what it has, and again what was given back or not acknowledged by who has gone. */
class FakeSparkSink {
  /** Batches to be given. */
  readonly waiting: (readonly TestEvent[])[] = [];
  readonly asked: number[] = [];
  /** What was said of batches, in order: `ack 1`. */
  readonly said: string[] = [];
  /** Given in place of events. */
  error = '';
  #given: Given | undefined;
  #sequence = 0;
  #server: RpcServer | undefined;
  #wake: () => void = () => {};

  async listen(rig: PullRig, port = 0): Promise<void> {
    this.#server = await RpcServer.listen({
      protocol: SPARK,
      endpoint: { host: '127.0.0.1', port, layers: PLAIN },
      maxCall: 1 << 20,
      maxConnections: 4,
      clock: rig.clock,
      log: new RecordedLog(),
      handle: (call) => this.#handle(call),
    });
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  give(...texts: string[]): void {
    this.waiting.push(bodies(...texts));
    this.#wake();
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async #handle({ message, parameters, connection }: Call): Promise<Uint8Array> {
    if (message === 'getEventBatch') return this.#get(decodeGetEventBatch(parameters), connection);
    this.said.push(`${message} ${decodeSequence(parameters)}`);
    if (message === 'nack' && this.#given) this.waiting.unshift(this.#given.events);
    this.#given = undefined;
    return NULL_RESULT;
  }

  async #get(most: number, connection: AbortSignal): Promise<Uint8Array> {
    this.asked.push(most);
    if (this.#given) this.waiting.unshift(this.#given.events);
    this.#given = undefined;
    const { error } = this;
    if (error) return encodeEventBatch({ error, sequence: '', events: encodeEvents([]) });
    while (this.waiting.length === 0 && !connection.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        connection.addEventListener('abort', () => resolve());
      });
    }
    const events = this.waiting.shift() ?? [];
    this.#sequence += 1;
    const sequence = `s${this.#sequence}`;
    this.#given = { sequence, events };
    return encodeEventBatch({ error: '', sequence, events: encodeEvents(events) });
  }
}

class PullRig extends EventRig {
  readonly sink = new FakeSparkSink();
  source: PullSource | undefined;
  running: Promise<void> | undefined;
  hasEnded = false;

  async start(
    options: Partial<PullOptions> & RigOptions = {},
    intake: Intake = this.channel,
  ): Promise<void> {
    const { clock, log, cutting, memory } = this;
    this.source = new PullSource(
      {
        host: '127.0.0.1',
        port: this.sink.port,
        layers: PLAIN,
        ack: 'channel',
        batch: 100,
        ...options,
      },
      { clock, log, cutting, memory, use: options.use ?? 'lines' },
    );
    await this.source.open();
    await this.source.begin();
    this.running = this.source.run(intake).then(() => {
      this.hasEnded = true;
      this.channel.close();
    });
  }

  async end(): Promise<void> {
    this.source?.stop();
    void this.pump();
    this.memory.record();
    await untilMoved(this.clock, () => this.hasEnded);
    await this.source?.close();
    await this.sink.close();
  }
}

const place = scratch();
let rig: PullRig;

async function start(
  options: Partial<PullOptions> & RigOptions = {},
  pumps = true,
): Promise<FakeSparkSink> {
  rig = new PullRig(options);
  await rig.sink.listen(rig);
  await rig.start(options);
  if (pumps) void rig.pump();
  return rig.sink;
}

afterEach(() => rig.end());

const AWAY = 'Events cannot be pulled; it is tried again until they can.';
const LONG = 'x'.repeat(900);

describe('what is pulled', () => {
  it('goes into the channel, and is acknowledged batch by batch', async () => {
    const sink = await start({ batch: 7 });
    sink.give('a', 'b\nc', 'd\n');
    sink.give('e');
    await eventually(() => sink.said.length === 2);
    expect(rig.lines).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(sink.said).toEqual(['ack s1', 'ack s2']);
    expect(new Set(sink.asked)).toEqual(new Set([7]));
    expect(rig.said('info')).toEqual(['Events are pulled.']);
  });

  it('is acknowledged when it is in the journal', async () => {
    rig = new PullRig({});
    rig.memory.recording = 'never';
    await rig.sink.listen(rig);
    await rig.start({ ack: 'durable' });
    void rig.pump();
    expect(rig.memory.demanded).toEqual([`flume+pull://127.0.0.1:${rig.sink.port}`]);
    rig.sink.give('a');
    await eventually(() => rig.batches.length === 1);
    await settled();
    expect(rig.sink.said).toEqual([]);
    rig.memory.record();
    await eventually(() => rig.sink.said.includes('ack s1'));
  });

  it('is given back where there is no room, and comes again', async () => {
    const sink = await start({ capacity: 1000 }, false);
    sink.give(LONG);
    await eventually(() => sink.said.length === 1);
    sink.give('b');
    sink.give(LONG);
    await eventually(() => sink.said.length === 2 && sink.asked.length === 3);
    await settled();
    rig.clock.advance(30_000);
    await untilMoved(rig.clock, () => sink.said.length === 3);
    expect(sink.said).toEqual(['ack s1', 'ack s2', 'nack s3']);
    expect(rig.said('warn')).toHaveLength(1);
    void rig.pump();
    await untilMoved(rig.clock, () => sink.said.length === 4);
    expect(rig.lines).toEqual([LONG, 'b', LONG]);
  });

  it('may be nothing, which is acknowledged and not asked for again at once', async () => {
    const sink = await start();
    sink.give();
    sink.give();
    await eventually(() => sink.said.length === 1);
    await settled();
    expect(sink.said).toEqual(['ack s1']);
    rig.clock.advance(200);
    await eventually(() => sink.said.length === 2);
    expect(rig.batches).toEqual([]);
  });
});

describe('a far end', () => {
  it('that is away is tried until it is back', async () => {
    rig = new PullRig({});
    await rig.sink.listen(rig);
    const { port } = rig.sink;
    await rig.sink.close();
    await rig.start({ port });
    void rig.pump();
    await untilMoved(rig.clock, () => rig.said('debug').length === 2);
    expect(rig.said('warn')).toEqual([AWAY]);
    await rig.sink.listen(rig, port);
    rig.sink.give('a');
    await untilMoved(rig.clock, () => rig.lines.includes('a'));
    expect(rig.said('info')).toEqual(['Events are pulled again.']);
  });

  it('that goes away with a batch gives it again when it is back', async () => {
    rig = new PullRig({});
    rig.memory.recording = 'never';
    await rig.sink.listen(rig);
    const { port } = rig.sink;
    await rig.start({ ack: 'durable' });
    void rig.pump();
    rig.sink.give('a');
    await eventually(() => rig.batches.length === 1);
    await rig.sink.close();
    rig.memory.record();
    await eventually(() => rig.said('warn').length === 1);
    await rig.sink.listen(rig, port);
    await untilMoved(rig.clock, () => rig.batches.length === 2);
    rig.memory.record();
    await eventually(() => rig.sink.said.length === 1);
    expect(rig.lines).toEqual(['a', 'a']);
  });

  it('that says an error is tried again later', async () => {
    const sink = await start();
    await eventually(() => sink.asked.length === 1);
    sink.error = 'Take list is full';
    sink.give('a');
    await eventually(() => rig.lines.includes('a'));
    await eventually(() => rig.said('warn').length === 1);
    const [, , fields] = rig.log.lines.find(([level]) => level === 'warn') ?? [];
    expect(fields?.reason).toMatch(/Take list is full/);
    const asked = sink.asked.length;
    await settled();
    expect(sink.asked.length).toBe(asked);
    sink.error = '';
    sink.give('b');
    await untilMoved(rig.clock, () => rig.lines.includes('b'));
    expect(rig.said('warn')).toEqual([AWAY]);
  });

  it('that is silent is said to be there after a while', async () => {
    const sink = await start();
    await eventually(() => sink.asked.length === 1);
    expect(rig.said('info')).toEqual([]);
    rig.clock.advance(1000);
    expect(rig.said('info')).toEqual(['Events are pulled.']);
  });

  it('may be shown a key whose passphrase is in a file', async () => {
    rig = new PullRig({});
    const directory = place();
    const path = (name: string): string => join(directory, name);
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: {
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'pass word',
      },
    });
    writeFileSync(path('key'), privateKey);
    writeFileSync(path('right'), 'pass word\r\nand more\n');
    writeFileSync(path('wrong'), 'pass\n');
    const start = (passphraseFile: string): Promise<void> => {
      const tls = { key: path('key'), passphraseFile: path(passphraseFile) };
      return rig.start({ port: 1, layers: { ...PLAIN, tls } });
    };
    await expect(start('wrong')).rejects.toThrow(/check the passphrase/);
    await expect(start('missing')).rejects.toThrow(/missing cannot be read/);
    await start('right');
  });

  it('whose certificate file is missing cannot be opened', async () => {
    rig = new PullRig({});
    const tls = { ca: '/nowhere/ca.pem' };
    const starting = rig.start({ port: 1, layers: { ...PLAIN, tls } });
    await expect(starting).rejects.toMatchObject({ code: 'source-unusable' });
    rig.hasEnded = true;
  });
});

describe('the end', () => {
  it('comes at once while a batch is waited for', async () => {
    const sink = await start();
    await eventually(() => sink.asked.length === 1);
    rig.source?.stop();
    await rig.running;
    expect(rig.said('warn')).toEqual([]);
  });

  it('comes at once while the far end is away', async () => {
    rig = new PullRig({});
    await rig.start({ port: 1 });
    await eventually(() => rig.said('warn').length === 1);
    rig.source?.stop();
    await rig.running;
  });

  it('comes at once while a connection comes about, and gives that up', async () => {
    rig = new PullRig({});
    const sockets: Socket[] = [];
    // It is asked for TLS, and says nothing.
    const silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    await rig.start({ port, layers: { ...PLAIN, tls: { trustAll: true } } });
    await eventually(() => sockets.length === 1);
    const gone = new Promise((resolve) => sockets[0].on('close', resolve));
    sockets[0].resume();
    rig.source?.stop();
    await rig.running;
    await gone;
    expect(rig.clock.timers).toBe(0);
    silent.close();
  });

  it('is that of a bug where a put fails', async () => {
    rig = new PullRig({});
    await rig.sink.listen(rig);
    const bug = new TypeError('a bug');
    const running = rig.start({}, { put: () => Promise.reject(bug) });
    rig.sink.give('a');
    await expect(running.then(() => rig.running)).rejects.toBe(bug);
    rig.hasEnded = true;
    expect(rig.said('warn')).toEqual([]);
  });

  it('gives a batch back that waits for room', async () => {
    const sink = await start({ capacity: 1000 }, false);
    sink.give(LONG);
    sink.give(LONG);
    await eventually(() => sink.asked.length === 2 && sink.waiting.length === 0);
    await settled();
    rig.source?.stop();
    await rig.running;
    expect(sink.said).toEqual(['ack s1', 'nack s2']);
    expect(rig.said('warn')).toEqual([]);
  });

  it('waits for the journal, and acknowledges', async () => {
    rig = new PullRig({});
    rig.memory.recording = 'never';
    await rig.sink.listen(rig);
    await rig.start({ ack: 'durable' });
    void rig.pump();
    rig.sink.give('a');
    await eventually(() => rig.batches.length === 1);
    rig.source?.stop();
    await settled();
    expect(rig.hasEnded).toBe(false);
    rig.memory.record();
    await rig.running;
    expect(rig.sink.said).toEqual(['ack s1']);
    await rig.sink.close();
    expect(rig.clock.timers).toBe(0);
  });

  it('waits no longer than five seconds for the journal', async () => {
    rig = new PullRig({});
    rig.memory.recording = 'never';
    await rig.sink.listen(rig);
    await rig.start({ ack: 'durable' });
    void rig.pump();
    rig.sink.give('a');
    await eventually(() => rig.batches.length === 1);
    rig.source?.stop();
    rig.clock.advance(4999);
    await settled();
    expect(rig.hasEnded).toBe(false);
    rig.clock.advance(1);
    await rig.running;
    expect(rig.sink.said).toEqual([]);
  });
});
