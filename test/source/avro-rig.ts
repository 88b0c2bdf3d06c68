/** A source of events with a real connection, a channel that a test empties, and a journal in memory. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import type { Batch } from '../../src/core/batch.js';
import type { AvroListenOptions } from '../../src/core/config.js';
import { PLAIN } from '../../src/core/endpoint.js';
import { AvroSource } from '../../src/source/avro/avro-source.js';
import type { EventUse } from '../../src/source/events/event-entry.js';
import { bufferSize, createCutting } from '../../src/source/lines/cutting.js';
import { encodeHeaders } from '../../src/wire/avro/headers.js';
import { FLUME } from '../../src/wire/avro/protocols.js';
import { RpcClient } from '../../src/wire/avro/rpc-client.js';
import { decodeStatus, encodeAppendBatch } from '../../src/wire/avro/values.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';
import { RememberedFiles } from '../support/remembered-files.js';
import { eventually } from '../support/scratch.js';
import { SharedBuffers } from '../support/shared-buffers.js';

export interface TestEvent {
  readonly headers?: Readonly<Record<string, string>>;
  /** Latin-1. */
  readonly body: string;
}

/** The items of an array of events, as Avro writes them. */
export function encodeEvents(events: readonly TestEvent[]): { count: number; bytes: Uint8Array } {
  const parts = events.flatMap(({ headers = {}, body }) => [
    encodeHeaders(new Map(Object.entries(headers))),
    encodeLong(body.length),
    Buffer.from(body, 'latin1'),
  ]);
  return { count: events.length, bytes: Buffer.concat(parts) };
}

export function bodies(...texts: string[]): TestEvent[] {
  return texts.map((body) => ({ body }));
}

function encodeLong(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value * 2;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

export interface RigOptions extends Partial<AvroListenOptions> {
  readonly use?: EventUse;
  readonly maxLine?: number;
  /** Of the channel. */
  readonly capacity?: number;
}

/** What surrounds a source of events, whichever it is. */
export class EventRig {
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  readonly memory = new RememberedFiles(() => {});
  /** Taken from the channel. */
  readonly batches: Batch[] = [];
  readonly channel: MemoryChannel;
  readonly cutting;

  constructor({ capacity = 1 << 20, maxLine = 1000 }: RigOptions) {
    const limits = { maxLine, channelLines: capacity, channelBytes: capacity };
    this.channel = new MemoryChannel({ lines: capacity, bytes: capacity });
    this.cutting = createCutting(limits, new SharedBuffers(bufferSize(limits), 1));
  }

  /** From here on the channel is emptied. Resolves when it is closed. */
  async pump(): Promise<void> {
    for (let batch = await this.channel.take(); batch; batch = await this.channel.take()) {
      this.batches.push(batch);
      batch.origin.added(batch, 1);
      this.channel.acknowledge(batch);
      this.memory.added(batch);
    }
  }

  /** The lines that were taken, `too long` for one that is. */
  get lines(): string[] {
    return this.batches.flatMap((batch) => {
      if (batch.kind !== 'lines') return ['too long'];
      return Buffer.from(batch.bytes).toString('latin1').split('\n').slice(0, -1);
    });
  }

  said(level: string): string[] {
    return this.log.lines.filter(([of]) => of === level).map(([, message]) => message);
  }
}

/** A listening source, and senders to it. */
export class AvroRig extends EventRig {
  readonly source: AvroSource;
  running: Promise<void> | undefined;
  hasEnded = false;
  #senders: RpcClient[] = [];

  constructor(options: RigOptions = {}) {
    super(options);
    const { clock, log, cutting, memory } = this;
    this.source = new AvroSource(
      {
        host: '127.0.0.1',
        port: 0,
        layers: PLAIN,
        ack: 'channel',
        maxCall: 1 << 20,
        maxConnections: 8,
        patience: 10_000,
        ...options,
      },
      { clock, log, cutting, memory, use: options.use ?? 'lines' },
    );
  }

  /** Opens the source, and runs it unless told not to. */
  async start(runs = true): Promise<void> {
    await this.source.open();
    await this.source.begin();
    if (runs) this.run();
  }

  run(): void {
    this.running = this.source.run(this.channel).then(() => {
      this.hasEnded = true;
      this.channel.close();
    });
  }

  get port(): number {
    const said = this.log.lines.find(([, message]) => message === 'Listening for events.');
    return Number(String(said?.[2]?.at).split(':').at(-1));
  }

  async connect(): Promise<Sender> {
    const client = await RpcClient.connect({
      protocol: FLUME,
      endpoint: { host: '127.0.0.1', port: this.port, layers: PLAIN },
      connectTimeout: 5000,
      maxCall: 1 << 20,
      clock: this.clock,
    });
    this.#senders.push(client);
    return new Sender(client);
  }

  /** Whatever state it is in. */
  async end(): Promise<void> {
    this.source.stop();
    for (const sender of this.#senders) sender.destroy();
    void this.pump();
    this.memory.record();
    if (this.running) await untilMoved(this.clock, () => this.hasEnded);
    await this.source.close();
  }
}

export class Sender {
  readonly client: RpcClient;

  constructor(client: RpcClient) {
    this.client = client;
  }

  /** Resolves to the status. */
  async send(...events: TestEvent[]): Promise<string> {
    const parameters = encodeAppendBatch(encodeEvents(events));
    return decodeStatus(await this.client.call('appendBatch', parameters, 0));
  }

  async append(event: TestEvent): Promise<string> {
    const { bytes } = encodeEvents([event]);
    return decodeStatus(await this.client.call('append', [bytes], 0));
  }
}

/** Time goes on until it holds. */
export function untilMoved(clock: FakeClock, holds: () => boolean): Promise<boolean> {
  return eventually(() => {
    clock.advance(200);
    return holds();
  }, 5000);
}

/** What is on its way in this process and its sockets has come, as far as a test can know. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await nextTurn();
}
