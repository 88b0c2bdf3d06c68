import { afterEach, describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../../src/channel/memory-channel.js';
import type { Batch } from '../../../src/core/batch.js';
import type { PullServerConfig } from '../../../src/core/forward-config.js';
import { createEventSink } from '../../../src/sink/events/create-event-sink.js';
import { PullServerSink } from '../../../src/sink/events/pull-server-sink.js';
import { SPARK } from '../../../src/wire/avro/protocols.js';
import { RpcClient } from '../../../src/wire/avro/rpc-client.js';
import {
  decodeEventBatch,
  encodeGetEventBatch,
  encodeSequence,
} from '../../../src/wire/avro/values.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { local } from './far-end.js';
import { linesOf } from './parts.js';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

interface Pulled {
  readonly error: string;
  readonly sequence: string;
  readonly text: string;
}

/** Pulls as Spark does. */
class Puller {
  readonly client: RpcClient;

  constructor(client: RpcClient) {
    this.client = client;
  }

  async get(n: number): Promise<Pulled> {
    const result = await this.client.call('getEventBatch', [encodeGetEventBatch(n)], 0);
    const { error, sequence, received } = decodeEventBatch(result, {});
    return { error, sequence, text: Buffer.from(received.bytes).toString() };
  }

  async say(message: 'ack' | 'nack', sequence: string): Promise<number> {
    return (await this.client.call(message, [encodeSequence(sequence)], 0)).length;
  }
}

class Serving {
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  readonly channel = new MemoryChannel({ lines: 1000, bytes: 100_000 });
  readonly delivered: Batch[] = [];
  readonly sink: PullServerSink;
  readonly over: Promise<void>;

  static async begin(settings: Partial<PullServerConfig> = {}): Promise<Serving> {
    const serving = new Serving(settings);
    await serving.sink.open();
    return serving;
  }

  private constructor(settings: Partial<PullServerConfig>) {
    const config: PullServerConfig = {
      kind: 'pull-server',
      name: 'k1',
      channel: 'c1',
      unacknowledged: 10,
      mostEvents: 1000,
      timeout: 60_000,
      ...local(),
      ...settings,
    };
    this.sink = new PullServerSink(config, {
      clock: this.clock,
      log: this.log,
      maxLine: 1_000_000,
    });
    this.over = this.sink.run(this.channel, (batch) => this.delivered.push(batch));
    open.push(this.sink);
  }

  async puller(): Promise<Puller> {
    const client = await RpcClient.connect({
      protocol: SPARK,
      endpoint: local(this.sink.port),
      connectTimeout: 20_000,
      maxCall: 1_000_000,
      clock: this.clock,
    });
    open.unshift({ close: () => client.destroy() });
    return new Puller(client);
  }
}

describe('the pull server', () => {
  it('gives batches, and is done when they are acknowledged', async () => {
    const serving = await Serving.begin();
    const puller = await serving.puller();
    const batch = linesOf(['a', 'b', 'c'], { headers: { host: 'x' } });
    await serving.channel.put(batch);
    serving.channel.close();
    const first = await puller.get(2);
    expect(first).toMatchObject({ error: '', text: 'a\nb\n' });
    const second = await puller.get(2);
    expect(second.text).toBe('c\n');
    expect(await puller.say('ack', second.sequence)).toBe(0);
    expect(await puller.say('nack', first.sequence)).toBe(0);
    const again = await puller.get(2);
    expect(again.text).toBe('a\nb\n');
    expect(serving.delivered).toEqual([]);
    await puller.say('ack', again.sequence);
    await serving.over;
    expect(serving.delivered).toEqual([batch]);
  });

  it('answers what means nothing with nothing', async () => {
    const puller = await (await Serving.begin()).puller();
    expect(await puller.say('ack', 'made up')).toBe(0);
    expect(await puller.say('nack', '')).toBe(0);
  });

  it('hears an acknowledgement while calls of the same connection wait', async () => {
    const serving = await Serving.begin({ unacknowledged: 1 });
    const puller = await serving.puller();
    await serving.channel.put(linesOf(['a', 'b']));
    const first = await puller.get(1);
    const waiting = puller.get(1);
    const others = Array.from({ length: 20 }, () => puller.get(1));
    await puller.say('ack', first.sequence);
    expect((await waiting).text).toBe('b\n');
    serving.sink.stop();
    await Promise.all(others);
  });

  it('loses nothing when connections go, before and after they were given something', async () => {
    const serving = await Serving.begin();
    const [one, two, three] = [
      await serving.puller(),
      await serving.puller(),
      await serving.puller(),
    ];
    const waiting = one.get(2).catch(() => 'gone');
    // The call is there before the next one is, for the handshake of this one is answered after it.
    await two.say('ack', '');
    one.client.destroy();
    expect(await waiting).toBe('gone');
    await serving.channel.put(linesOf(['a', 'b']));
    expect((await two.get(2)).text).toBe('a\nb\n');
    const third = three.get(2);
    two.client.destroy();
    expect((await third).text).toBe('a\nb\n');
  });

  it('tells who waits that it was stopped', async () => {
    const serving = await Serving.begin();
    const puller = await serving.puller();
    await puller.say('ack', '');
    const waiting = puller.get(5);
    await puller.say('ack', '');
    await serving.sink.close();
    const stopped = { error: 'The sink k1 has been stopped.', sequence: '', text: '' };
    expect(await waiting).toEqual(stopped);
    await serving.over;
  });

  it('cannot listen where somebody does', async () => {
    const { port } = (await Serving.begin()).sink;
    const config: PullServerConfig = {
      kind: 'pull-server',
      name: 'k2',
      channel: 'c1',
      unacknowledged: 10,
      mostEvents: 1000,
      timeout: 60_000,
      ...local(port),
    };
    const sink = await createEventSink(config, {
      clock: new FakeClock(),
      log: new RecordedLog(),
      maxLine: 1_000_000,
    });
    await expect(sink.open()).rejects.toMatchObject({ code: 'source-unusable' });
    await sink.close();
  });
});
