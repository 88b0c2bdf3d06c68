import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../../src/channel/memory-channel.js';
import type { Batch } from '../../../src/core/batch.js';
import type { BoundedOutlet } from '../../../src/core/stages.js';
import { type Chunk, endOf } from '../../../src/sink/events/chunk.js';
import { Outbox } from '../../../src/sink/events/outbox.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { bodiesOf, eventsOf, linesOf, origin, outletOf, settled, tooLong } from './parts.js';

interface Made {
  readonly outbox: Outbox;
  readonly clock: FakeClock;
  readonly log: RecordedLog;
  readonly delivered: Batch[];
  /** Of each of those, how many events it had. */
  readonly counts: number[];
  readonly broken: unknown[];
  changes(): number;
}

function make(outlet: BoundedOutlet, options: { mostBytes?: number; maxLine?: number } = {}): Made {
  const clock = new FakeClock();
  const log = new RecordedLog();
  const delivered: Batch[] = [];
  const counts: number[] = [];
  const broken: unknown[] = [];
  let changes = 0;
  const outbox = new Outbox(
    { linger: 50, clock, log, maxLine: 1_000_000, ...options },
    {
      outlet,
      delivered: (batch, events) => {
        delivered.push(batch);
        counts.push(events);
      },
      changed: () => {
        changes += 1;
      },
      broken: (error) => broken.push(error),
    },
  );
  return { outbox, clock, log, delivered, counts, broken, changes: () => changes };
}

/** Asks again and again until there is a chunk. */
async function chunkOf(outbox: Outbox, most: number): Promise<Chunk> {
  for (let i = 0; i < 100; i += 1) {
    const chunk = outbox.next(most);
    if (chunk !== undefined) return chunk;
    await settled();
  }
  throw new Error('There never was a chunk.');
}

describe('the outbox', () => {
  it('cuts batches into chunks, and joins them', async () => {
    const batches = [linesOf(['a', 'b', 'c']), linesOf(['d']), eventsOf(['e\n', 'f', 'g'])];
    const { outbox } = make(outletOf(batches));
    const chunks: string[][] = [];
    for (let i = 0; i < 4; i += 1) chunks.push(bodiesOf((await chunkOf(outbox, 2)).events));
    expect(chunks).toEqual([['a', 'b'], ['c', 'd'], ['e\n', 'f'], ['g']]);
  });

  it('gives less than a chunk when its first event has waited long enough', async () => {
    const channel = new MemoryChannel({ lines: 100, bytes: 1000 });
    const { outbox, clock, changes } = make(channel);
    await channel.put(linesOf(['a']));
    outbox.next(3);
    await settled();
    expect(outbox.next(3)).toBeUndefined();
    clock.advance(40);
    await channel.put(linesOf(['b']));
    await settled();
    expect(outbox.next(3)).toBeUndefined();
    clock.advance(9);
    expect(outbox.next(3)).toBeUndefined();
    const before = changes();
    clock.advance(1);
    expect(changes()).toBe(before + 1);
    const chunk = outbox.next(3);
    expect(chunk && bodiesOf(chunk.events)).toEqual(['a', 'b']);
  });

  it('sees that the channel is full, after as long as it waited by then', async () => {
    const channel = new MemoryChannel({ lines: 2, bytes: 1000 });
    const { outbox, clock, changes } = make(channel);
    await channel.put(linesOf(['a']));
    await channel.put(linesOf(['b']));
    for (let i = 0; i < 3; i += 1) {
      expect(outbox.next(9)).toBeUndefined();
      await settled();
    }
    clock.advance(5);
    void channel.put(linesOf(['c']));
    const before = changes();
    clock.advance(2);
    expect(changes()).toBe(before);
    clock.advance(1);
    expect(changes()).toBe(before + 1);
    const chunk = outbox.next(9);
    expect(chunk && bodiesOf(chunk.events)).toEqual(['a', 'b']);
    expect(clock.timers).toBe(0);
  });

  it('gives all that a full channel holds, however small the batches are', async () => {
    const channel = new MemoryChannel({ lines: 50, bytes: 1000 });
    const { outbox, delivered } = make(channel);
    for (let i = 0; i < 60; i += 1) void channel.put(linesOf([String(i)]));
    const chunk = await chunkOf(outbox, 100);
    expect(chunk.events.count).toBe(50);
    outbox.done(chunk);
    for (const batch of delivered) channel.acknowledge(batch);
    channel.close();
    expect((await chunkOf(outbox, 100)).events.count).toBe(10);
  });

  it.each([
    ['takes what comes in when there is room', ['c'], ['b', 'c']],
    ['does not linger where there is still no room', ['c', 'd', 'e'], ['b']],
  ])('%s', async (_, waiting, expected) => {
    const channel = new MemoryChannel({ lines: 3, bytes: 1000 });
    const { outbox, delivered } = make(channel);
    await channel.put(linesOf(['a'.repeat(200)]));
    await channel.put(linesOf(['b']));
    void channel.put({ ...linesOf(waiting), end: 128 * waiting.length });
    void channel.put({ ...linesOf(['last']), end: 1000 });
    const first = await chunkOf(outbox, 1);
    for (let i = 0; i < 3; i += 1) {
      outbox.prepare(5);
      await settled();
    }
    outbox.done(first);
    channel.acknowledge(delivered[0]);
    const second = await chunkOf(outbox, 5);
    expect(bodiesOf(second.events)).toEqual(expected);
  });

  it('begins to wait anew for the next chunk', async () => {
    const channel = new MemoryChannel({ lines: 100, bytes: 1000 });
    const { outbox, clock } = make(channel);
    await channel.put(linesOf(['a', 'b', 'c', 'd']));
    await chunkOf(outbox, 3);
    outbox.next(3);
    clock.advance(49);
    expect(outbox.next(3)).toBeUndefined();
    clock.advance(1);
    expect(outbox.next(3)?.events.count).toBe(1);
    expect(clock.timers).toBe(0);
    await channel.put(linesOf(['e']));
    await settled();
    expect(outbox.next(3)).toBeUndefined();
    clock.advance(49);
    expect(outbox.next(3)).toBeUndefined();
  });

  it('gives what is left at the end without waiting', async () => {
    const { outbox, clock } = make(outletOf([linesOf(['a'])]));
    expect((await chunkOf(outbox, 10)).events.count).toBe(1);
    expect(clock.timers).toBe(0);
  });

  it('keeps a chunk below so many bytes, but for a bigger event alone', async () => {
    const bodies = ['x'.repeat(10), 'y'.repeat(10), 'z'.repeat(500), 'a', 'b'];
    const { outbox } = make(outletOf([linesOf(bodies)]), { mostBytes: 30 });
    const chunks: string[][] = [];
    for (let i = 0; i < 3; i += 1) chunks.push(bodiesOf((await chunkOf(outbox, 100)).events));
    expect(chunks).toEqual([[bodies[0], bodies[1]], [bodies[2]], ['a', 'b']]);
  });

  it('takes no batch before it needs one', async () => {
    let taken = 0;
    const outlet: BoundedOutlet = {
      take: async () => {
        taken += 1;
        return linesOf(['a', 'b', 'c']);
      },
      isFull: false,
    };
    const { outbox } = make(outlet);
    await settled();
    expect(taken).toBe(0);
    for (let i = 0; i < 6; i += 1) await chunkOf(outbox, 1);
    await settled();
    expect(taken).toBe(2);
  });

  it('tells of batches in their order, whatever the order of the chunks', async () => {
    const batches = [linesOf(['a', 'b']), tooLong, linesOf(['c']), tooLong];
    const { outbox, delivered, counts } = make(outletOf(batches));
    const chunks: Chunk[] = [];
    for (let i = 0; i < 3; i += 1) chunks.push(await chunkOf(outbox, 1));
    await settled();
    outbox.next(1);
    await settled();
    const [a, b, c] = chunks;
    outbox.done(c);
    outbox.done(b);
    expect(delivered).toEqual([]);
    outbox.done(a);
    expect(delivered).toEqual(batches);
    expect(counts).toEqual([2, 0, 1, 0]);
  });

  it('tells at once of a line that was too long where all before it has arrived', async () => {
    const { outbox, delivered } = make(outletOf([tooLong]));
    outbox.next(1);
    await settled();
    expect(delivered).toEqual([tooLong]);
  });

  it('warns of lines that are too long, once a minute', async () => {
    const { outbox, log, clock } = make({ take: async () => tooLong, isFull: false });
    const see = async (): Promise<void> => {
      outbox.next(1);
      await settled();
    };
    for (let i = 0; i < 3; i += 1) await see();
    expect(log.lines).toEqual([
      [
        'warn',
        'Lines are longer than the limit and are not sent.',
        { lines: 1, file: 'a.log', byte: 100, bytes: 1_000_000 },
      ],
    ]);
    clock.advance(60_000);
    await see();
    expect(log.lines).toHaveLength(2);
    expect(log.lines[1][2]).toMatchObject({ lines: 3 });
    await see();
    outbox.close();
    expect(log.lines[2][2]).toMatchObject({ lines: 1 });
  });

  it('leaves lines out that are too long, wherever they stand, and says so', async () => {
    const long = 'x'.repeat(6);
    const lines = [long, 'a', long, long, 'bbbbb', long, 'c', long];
    const batch = linesOf(lines, { lastLineEnd: false });
    const { outbox, log, delivered, counts, clock } = make(outletOf([batch]), { maxLine: 5 });
    const chunk = await chunkOf(outbox, 2);
    expect(bodiesOf(chunk.events)).toEqual(['a', 'bbbbb']);
    await settled();
    outbox.prepare(2);
    clock.advance(50);
    const rest = await chunkOf(outbox, 2);
    expect(bodiesOf(rest.events)).toEqual(['c']);
    outbox.done(chunk);
    expect(delivered).toEqual([]);
    outbox.done(rest);
    expect(delivered).toEqual([batch]);
    expect(counts).toEqual([3]);
    outbox.close();
    const left = log.lines.map(([, , fields]) => fields?.lines);
    expect(left.reduce((sum: number, lines) => sum + Number(lines), 0)).toBe(5);
  });

  it('refuses a range of a file', async () => {
    const range: Batch = {
      kind: 'range',
      origin,
      start: 0,
      end: 1,
      descriptor: 1,
      failed: () => {},
    };
    const { outbox, broken } = make(outletOf([range]));
    outbox.next(1);
    await settled();
    expect(String(broken[0])).toContain('range');
  });

  it('gives what came back first, and cuts it where less is asked for', async () => {
    const { outbox } = make(outletOf([linesOf(['a', 'b', 'c', 'd', 'e', 'f'])]));
    const one = await chunkOf(outbox, 2);
    const two = await chunkOf(outbox, 3);
    outbox.putBack([two]);
    outbox.putBack([one]);
    const given: string[][] = [];
    for (const most of [1, 5, 2, 2, 9]) given.push(bodiesOf((await chunkOf(outbox, most)).events));
    expect(given).toEqual([['a'], ['b'], ['c', 'd'], ['e'], ['f']]);
  });

  it('uses memory again that has arrived, and no other', async () => {
    const { outbox } = make(outletOf([linesOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'])]));
    const [one, two] = [await chunkOf(outbox, 1), await chunkOf(outbox, 2)];
    outbox.putBack([two]);
    const [half, rest] = [await chunkOf(outbox, 1), await chunkOf(outbox, 1)];
    outbox.done(half);
    outbox.done(one);
    const buffers = new Set([one.events.bytes.buffer, two.events.bytes.buffer]);
    const later = [await chunkOf(outbox, 1), await chunkOf(outbox, 1), await chunkOf(outbox, 1)];
    expect(later.map(({ events }) => buffers.has(events.bytes.buffer))).toEqual([
      false,
      true,
      false,
    ]);
    expect(later[1].events.bytes.buffer).toBe(one.events.bytes.buffer);
    expect(bodiesOf(rest.events)).toEqual(['c']);
  });

  it('tells and takes nothing after it was closed', async () => {
    const batches = [linesOf(['a', 'b']), linesOf(['c'])];
    const { outbox, delivered, clock } = make(outletOf(batches));
    const chunk = await chunkOf(outbox, 2);
    outbox.next(2);
    await settled();
    outbox.next(2);
    outbox.close();
    outbox.done(chunk);
    expect(outbox.next(1)).toBeUndefined();
    expect(delivered).toEqual([]);
    expect(clock.timers).toBe(0);
  });
});

const body = fc.string({ maxLength: 12 }).map((text) => text.replaceAll('\n', ' '));
const anyBatch = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(body, { minLength: 1, maxLength: 9 }).map((all) => linesOf(all)),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 9 })
      .map((all) => eventsOf(all)),
  },
  {
    weight: 2,
    // The last line has no line end, so it must not be empty.
    arbitrary: fc
      .array(
        body.map((text) => `${text}.`),
        { minLength: 1, maxLength: 3 },
      )
      .map((all) => linesOf(all, { lastLineEnd: false })),
  },
  { weight: 1, arbitrary: fc.constant(null) },
);
const anyStep = fc.record({
  act: fc.constantFrom('next', 'next', 'prepare', 'done', 'done', 'back', 'linger', 'turn'),
  most: fc.integer({ min: 1, max: 7 }),
  which: fc.nat(20),
});

/** What events a batch has, by a way of its own. */
function expectedOf(batch: Batch): string[] {
  if (batch.kind !== 'lines') return [];
  const text = Buffer.from(batch.bytes);
  if (batch.events?.kind === 'own') {
    return Array.from(batch.events.ends, (end, at, ends = batch.events) => {
      const from = at === 0 || ends?.kind !== 'own' ? 0 : ends.ends[at - 1];
      return text.subarray(from, end - 1).toString();
    });
  }
  return text.toString().replace(/\n$/, '').split('\n');
}

it('gives every event in order until it has arrived, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyBatch, { minLength: 1, maxLength: 12 }),
      fc.array(anyStep, { maxLength: 80 }),
      fc.integer({ min: 10, max: 60 }),
      async (made, steps, mostBytes) => {
        const batches = made.map((batch): Batch => batch ?? { ...tooLong });
        const expected = batches.flatMap(expectedOf);
        const ends = batches.map(
          (
            (sum) => (batch: Batch) =>
              (sum += expectedOf(batch).length)
          )(0),
        );
        const channel = new MemoryChannel({ lines: 3, bytes: 80 });
        const { outbox, clock, delivered } = make(
          {
            take: () => channel.take(),
            get isFull() {
              return channel.isFull;
            },
          },
          { mostBytes },
        );
        void (async () => {
          for (const batch of batches) await channel.put(batch);
          channel.close();
        })();

        const state: ('here' | 'out' | 'arrived')[] = expected.map(() => 'here');
        const out: Chunk[] = [];
        let told = 0;
        const mark = (chunk: Chunk, as: 'here' | 'out' | 'arrived'): void => {
          state.fill(as, chunk.first, endOf(chunk));
        };
        const check = (): void => {
          for (; told < delivered.length; told += 1) {
            expect(delivered[told]).toBe(batches[told]);
            expect(state.slice(0, ends[told]).every((each) => each === 'arrived')).toBe(true);
            channel.acknowledge(delivered[told]);
          }
        };
        const next = (most: number): void => {
          const chunk = outbox.next(most);
          if (chunk === undefined) return;
          expect(chunk.first).toBe(state.indexOf('here'));
          expect(chunk.events.count).toBeGreaterThan(0);
          expect(chunk.events.count).toBeLessThanOrEqual(most);
          expect(bodiesOf(chunk.events)).toEqual(expected.slice(chunk.first, endOf(chunk)));
          mark(chunk, 'out');
          out.push(chunk);
        };
        const done = (which: number): void => {
          const [chunk] = out.splice(which % out.length, 1);
          // Nobody wrote over it while it was out.
          expect(bodiesOf(chunk.events)).toEqual(expected.slice(chunk.first, endOf(chunk)));
          mark(chunk, 'arrived');
          outbox.done(chunk);
        };
        for (const { act, most, which } of steps) {
          if (act === 'next') next(most);
          else if (act === 'prepare') outbox.prepare(most);
          else if (act === 'done' && out.length > 0) done(which);
          else if (act === 'back' && out.length > 0) {
            const back = out.splice(which % out.length, 2);
            for (const chunk of back) mark(chunk, 'here');
            outbox.putBack(back.reverse());
          } else if (act === 'linger') clock.advance(30);
          else if (act === 'turn') await settled();
          check();
        }
        for (let round = 0; !outbox.isDone; round += 1) {
          if (round > 1000) throw new Error('It never came to its end.');
          next(5);
          if (out.length > 0) done(round);
          check();
          await settled();
          clock.advance(50);
        }
        check();
        expect(delivered).toHaveLength(batches.length);
        expect(state.every((each) => each === 'arrived')).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});
