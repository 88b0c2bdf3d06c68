import { resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChannelProcessor } from '../../src/channel/channel-processor.js';
import { withHeaders } from '../../src/channel/header-rules.js';
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

describe('headers that strangers wrote', () => {
  it('go on byte by byte, whatever is in them, and however many', async () => {
    const weird = Buffer.from([
      0x02, 0x04, 0xff, 0xfe, 0x02, 0x80, 0x01, 0x04, 0x02, 0x61, 0x00, 0x00,
    ]);
    const bytes = Buffer.from('a\n');
    const events: Events = {
      kind: 'own',
      ends: Uint32Array.of(2),
      headers: weird,
      headerEnds: Uint32Array.of(weird.length),
    };
    const batch: LineBatch = { kind: 'lines', origin, start: 0, end: 2, bytes, events };
    const rule: HeaderRule = { kind: 'constant', header: 'k', value: 'v', preserve: false };
    const dressed = withHeaders(batch, [rule], 0);
    if (dressed.kind !== 'lines' || dressed.events?.kind !== 'own') throw new Error('no events');
    const { headers, headerEnds } = dressed.events;
    expect([...headerEnds]).toEqual([headers.length]);
    const block = Buffer.from([0x02, 0x02, 0x6b, 0x02, 0x76, 0x00]);
    expect(Buffer.from(headers)).toEqual(Buffer.concat([weird.subarray(0, -1), block]));
  });

  it('are kept by a later rule, where an earlier one gave them', async () => {
    const rules: HeaderRule[] = [
      { kind: 'constant', header: 'host', value: 'b', preserve: false },
      { kind: 'constant', header: 'host', value: 'c', preserve: true },
      { kind: 'constant', header: 'new', value: 'd', preserve: true },
    ];
    const expected = { host: 'b', new: 'd' };
    expect(await headersOf(rules, lines('a\nb\n', OWN))).toEqual([expected, expected]);
    expect(await headersOf(rules, lines('a\nb\n'))).toEqual(expected);
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
      if (batch) settlement.delivered(batch, 1);
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
      if (batch) settlement.delivered(batch, 1);
    }
    await third;
    for (const channel of channels) {
      const batch = await channel.take();
      if (batch) settlement.delivered(batch, 1);
    }
    const texts = arrived.map(
      (batch) => batch.kind === 'lines' && Buffer.from(batch.bytes).toString(),
    );
    expect(texts).toEqual(['a\n', 'c\n']);
  });

  it('waits for the channel that is full first, and is nowhere when it is withdrawn there', async () => {
    const { arrived, channels, processor } = setUp();
    const before = lines('x\n');
    await channels[1].put(before);
    const withdrawal = new AbortController();
    const put = processor.put(lines('a\n'), withdrawal.signal);
    await nextTurn();
    withdrawal.abort(new Error('no room in time'));
    await expect(put).rejects.toThrow('no room in time');
    channels[0].close();
    expect(await channels[0].take()).toBe(undefined);
    channels[1].acknowledge(before);
    channels[1].close();
    expect([await channels[1].take(), await channels[1].take()]).toEqual([before, undefined]);
    expect(arrived).toEqual([]);
  });
});
