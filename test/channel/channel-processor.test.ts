import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChannelProcessor } from '../../src/channel/channel-processor.js';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import { Settlement } from '../../src/channel/settlement.js';
import type { Batch, Events, LineBatch, Origin } from '../../src/core/batch.js';
import type { HeaderRule } from '../../src/core/forward-config.js';
import { decodeHeaders, encodeHeaders } from '../../src/wire/avro/headers.js';
import { FakeClock } from '../support/fake-clock.js';

const origin: Origin = {
  name: './spool/access.log',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

function lines(text: string, events?: Events): LineBatch {
  const bytes = Buffer.from(text);
  const batch = { kind: 'lines' as const, origin, start: 0, end: bytes.length, bytes };
  return events === undefined ? batch : { ...batch, events };
}

/** Two events, of which the first has a header. */
const OWN: Events = {
  kind: 'own',
  ends: Uint32Array.of(2, 4),
  headers: Buffer.concat([encodeHeaders(new Map([['host', 'a']])), encodeHeaders(new Map())]),
  headerEnds: Uint32Array.of(
    encodeHeaders(new Map([['host', 'a']])).length,
    encodeHeaders(new Map([['host', 'a']])).length + 1,
  ),
};

async function headersOf(rules: readonly HeaderRule[], batch: LineBatch) {
  const channel = new MemoryChannel({ lines: 100, bytes: 1000 });
  const clock = new FakeClock(1_795_334_785_637);
  const settlement = new Settlement(() => {});
  await new ChannelProcessor({ rules, channels: [channel], settlement, clock }).put(batch);
  const put = await channel.take();
  if (put?.kind !== 'lines' || put.events === undefined) throw new Error('no events came');
  expect(put.bytes).toBe(batch.bytes);
  if (put.events.kind === 'same') return Object.fromEntries(decodeHeaders(put.events.headers));
  const { headers, headerEnds } = put.events;
  return [...headerEnds].map((end, index) =>
    Object.fromEntries(decodeHeaders(headers.subarray(headerEnds[index - 1] ?? 0, end))),
  );
}

describe('headers', () => {
  it('are those that the notes ask for', async () => {
    const rules: HeaderRule[] = [
      { kind: 'file', header: 'file', form: 'absolute' },
      { kind: 'timestamp', header: 'timestamp', preserve: false },
    ];
    expect(await headersOf(rules, lines('a\nb\n'))).toEqual({
      file: resolve('spool/access.log'),
      timestamp: '1795334785637',
    });
  });

  it('are none where none is asked for', async () => {
    expect(await headersOf([], lines('a\n'))).toEqual({});
    expect(await headersOf([], lines('a\nb\n', OWN))).toEqual([{ host: 'a' }, {}]);
  });

  it.each<[HeaderRule, object[]]>([
    [
      { kind: 'file', header: 'name', form: 'basename' },
      [{ host: 'a', name: 'access.log' }, { name: 'access.log' }],
    ],
    [
      { kind: 'constant', header: 'host', value: 'b', preserve: true },
      [{ host: 'a' }, { host: 'b' }],
    ],
    [
      { kind: 'constant', header: 'host', value: 'b', preserve: false },
      [{ host: 'b' }, { host: 'b' }],
    ],
    [
      { kind: 'timestamp', header: 'host', preserve: true },
      [{ host: 'a' }, { host: '1795334785637' }],
    ],
    [
      { kind: 'timestamp', header: 'host', preserve: false },
      [{ host: '1795334785637' }, { host: '1795334785637' }],
    ],
  ])('of events that have some: %j', async (rule, expected) => {
    expect(await headersOf([rule], lines('a\nb\n', OWN))).toEqual(expected);
  });
});

describe('a batch', () => {
  function setUp() {
    const clock = new FakeClock();
    const arrived: Batch[] = [];
    const settlement = new Settlement((batch) => arrived.push(batch));
    const channels = [1, 2].map(() => new MemoryChannel({ lines: 1, bytes: 10 }));
    return {
      arrived,
      channels,
      settlement,
      processor: new ChannelProcessor({ rules: [], channels, settlement, clock }),
    };
  }

  it('goes into every channel, and arrives when all have it', async () => {
    const { arrived, channels, settlement, processor } = setUp();
    await processor.put(lines('a\n'));
    const taken = await Promise.all(channels.map((channel) => channel.take()));
    for (const batch of taken) {
      expect(arrived).toEqual([]);
      if (batch) settlement.delivered(batch);
    }
    expect(arrived).toHaveLength(1);
  });

  it('that is too long goes its way without headers', async () => {
    const { channels, processor } = setUp();
    const batch: Batch = { kind: 'too-long', origin, start: 0, end: 9 };
    await processor.put(batch);
    expect(await channels[0].take()).toBe(batch);
  });

  it('can be withdrawn while the first channel is full, and is then nowhere', async () => {
    const { arrived, channels, settlement, processor } = setUp();
    await processor.put(lines('a\n'));
    const withdrawal = new AbortController();
    const second = processor.put(lines('b\n'), withdrawal.signal);
    withdrawal.abort(new Error('no room in time'));
    await expect(second).rejects.toThrow('no room in time');
    const third = processor.put(lines('c\n'));
    for (const channel of channels) {
      const batch = await channel.take();
      if (batch) channel.acknowledge(batch);
      if (batch) settlement.delivered(batch);
    }
    await third;
    for (const channel of channels) {
      const batch = await channel.take();
      if (batch) settlement.delivered(batch);
    }
    const texts = arrived.map(
      (batch) => batch.kind === 'lines' && Buffer.from(batch.bytes).toString(),
    );
    expect(texts).toEqual(['a\n', 'c\n']);
  });

  it('is not withdrawn any more when the first channel has it', async () => {
    const { channels, processor } = setUp();
    await channels[1].put(lines('x\n'));
    const withdrawal = new AbortController();
    const put = processor.put(lines('a\n'), withdrawal.signal);
    let isDone = false;
    void put.then(() => {
      isDone = true;
    });
    await nextTurn();
    withdrawal.abort(new Error('too late'));
    await nextTurn();
    expect(isDone).toBe(false);
    const before = await channels[1].take();
    if (before) channels[1].acknowledge(before);
    await put;
  });
});
