import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import type { Batch, Origin } from '../../src/core/batch.js';
import { expectCollected } from '../support/collected.js';

const origin: Origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

function batch(bytes: number, start = 0): Batch {
  return { kind: 'lines', origin, start, end: start + bytes, bytes: new Uint8Array(bytes) };
}

const tooLong: Batch = { kind: 'too-long', origin, start: 0, end: 1_000_000 };

/** Gives what was put, without holding it. */
function putAndWithdraw(channel: MemoryChannel): WeakRef<object> {
  const withdrawal = new AbortController();
  const put = batch(90);
  channel.put(put, withdrawal.signal).catch(() => {});
  withdrawal.abort(new Error('no room in time'));
  return new WeakRef(put);
}

/** Whether a promise is settled by now. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  return (await Promise.race([promise.then(() => true), nextTurn(false)])) === true;
}

describe('the memory channel', () => {
  it('gives batches in the order in which they were put', async () => {
    const channel = new MemoryChannel({ lines: 10, bytes: 100 });
    const [a, b] = [batch(1), batch(2)];
    await channel.put(a);
    await channel.put(b);
    expect(await channel.take()).toBe(a);
    expect(await channel.take()).toBe(b);
  });

  it('gives a batch to who waits for one', async () => {
    const channel = new MemoryChannel({ lines: 10, bytes: 100 });
    const taken = channel.take();
    const a = batch(1);
    await channel.put(a);
    expect(await taken).toBe(a);
  });

  it.each([
    ['lines', { lines: 2, bytes: 1000 }],
    ['bytes', { lines: 1000, bytes: 20 }],
  ])('makes the source wait when its %s are used up', async (_, capacity) => {
    const channel = new MemoryChannel(capacity);
    await channel.put(batch(10));
    await channel.put(batch(10));
    const third = channel.put(batch(10));
    expect(await isDone(third)).toBe(false);
    const first = await channel.take();
    // Taken, but not acknowledged: it still counts.
    expect(await isDone(third)).toBe(false);
    if (first) channel.acknowledge(first);
    expect(await isDone(third)).toBe(true);
  });

  describe('with a put that is withdrawn', () => {
    const reason = new Error('no room in time');

    it('rejects with the reason, and goes on with who waits behind', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      await channel.put(batch(60));
      const withdrawal = new AbortController();
      const large = channel.put(batch(90), withdrawal.signal);
      const small = channel.put(batch(40));
      expect(await isDone(small)).toBe(false);
      withdrawal.abort(reason);
      await expect(large).rejects.toBe(reason);
      await small;
      channel.close();
      const sizes: number[] = [];
      for (let next = await channel.take(); next; next = await channel.take())
        sizes.push(next.end - next.start);
      expect(sizes).toEqual([60, 40]);
    });

    it('rejects one that was withdrawn before', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      const signal = AbortSignal.abort(reason);
      await expect(channel.put(batch(1), signal)).rejects.toBe(reason);
      channel.close();
      expect(await channel.take()).toBe(undefined);
    });

    it('holds nothing of it, wherever it stood', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      await channel.put(batch(60));
      const behind = channel.put(batch(90));
      const gone = putAndWithdraw(channel);
      await expectCollected(gone);
      expect(channel.isFull).toBe(true);
      channel.close();
      void behind;
    });

    it('keeps what is in the queue when the withdrawal comes too late', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      const withdrawal = new AbortController();
      const a = batch(1);
      await channel.put(a, withdrawal.signal);
      withdrawal.abort(reason);
      expect(await channel.take()).toBe(a);
    });
  });

  describe('with several batches at once', () => {
    it('lets them in together, once there is room for all', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      const first = batch(50);
      await channel.put(first);
      const [a, b] = [batch(30), batch(40)];
      const both = channel.put([a, b]);
      expect([await isDone(both), channel.isFull]).toEqual([false, true]);
      expect(await channel.take()).toBe(first);
      channel.acknowledge(first);
      expect([await isDone(both), channel.isFull]).toEqual([true, false]);
      expect([await channel.take(), await channel.take()]).toEqual([a, b]);
    });

    it('lets in what is heavier than the capacity when nothing else is, and takes its room back', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      const heavy = [batch(80), batch(90)];
      await channel.put(heavy);
      const next = channel.put(batch(10));
      channel.acknowledge(heavy[0]);
      expect(await isDone(next)).toBe(true);
      channel.acknowledge(heavy[1]);
      await channel.put(batch(90));
      expect(await isDone(channel.put(batch(1)))).toBe(false);
    });

    it('has none of them where they are withdrawn', async () => {
      const channel = new MemoryChannel({ lines: 10, bytes: 100 });
      await channel.put(batch(50));
      const withdrawal = new AbortController();
      const both = channel.put([batch(10), batch(60)], withdrawal.signal);
      withdrawal.abort(new Error('no room in time'));
      await expect(both).rejects.toThrow('no room in time');
      await channel.put(batch(50));
      channel.close();
      const left = [await channel.take(), await channel.take(), await channel.take()];
      expect(left.map((given) => given?.end)).toEqual([50, 50, undefined]);
    });
  });

  it('weighs what belongs to events as well', async () => {
    const ends = new Uint32Array(3);
    const events = { kind: 'own', ends, headers: new Uint8Array(60), headerEnds: ends } as const;
    const bytes = new Uint8Array(3);
    const own: Batch = { kind: 'lines', origin, start: 0, end: 3, bytes, events };
    const channel = new MemoryChannel({ lines: 10, bytes: 87 });
    await channel.put(own);
    expect(await isDone(channel.put(batch(1)))).toBe(false);
    channel.acknowledge(own);
    // Three events are three lines.
    const lines = new MemoryChannel({ lines: 3, bytes: 1000 });
    await lines.put(own);
    expect(await isDone(lines.put(batch(1)))).toBe(false);
  });

  it('serves several takers in turn, and tells all of them of the end', async () => {
    const channel = new MemoryChannel({ lines: 10, bytes: 100 });
    const [first, second, third] = [channel.take(), channel.take(), channel.take()];
    const [a, b] = [batch(1), batch(2)];
    await channel.put(a);
    await channel.put(b);
    channel.close();
    expect(await Promise.all([first, second, third])).toEqual([a, b, undefined]);
  });

  it('lets no small batch overtake a large one', async () => {
    const channel = new MemoryChannel({ lines: 10, bytes: 100 });
    await channel.put(batch(60));
    const large = channel.put(batch(60));
    const small = channel.put(batch(1));
    expect(await isDone(small)).toBe(false);
    const first = await channel.take();
    if (first) channel.acknowledge(first);
    expect(await isDone(large)).toBe(true);
    expect(await isDone(small)).toBe(true);
  });

  it('gives what is left once it is closed, and then says so', async () => {
    const channel = new MemoryChannel({ lines: 10, bytes: 100 });
    const a = batch(1);
    await channel.put(a);
    channel.close();
    expect(await channel.take()).toBe(a);
    expect(await channel.take()).toBeUndefined();
    const waiting = new MemoryChannel({ lines: 10, bytes: 100 });
    const taken = waiting.take();
    waiting.close();
    expect(await taken).toBeUndefined();
  });

  it('takes a line to weigh 128 bytes, and one that is too long to be one line of none', async () => {
    const channel = new MemoryChannel({ lines: 4, bytes: 500 });
    await channel.put(batch(128));
    await channel.put(batch(129));
    await channel.put(tooLong);
    const more = channel.put(tooLong);
    expect(await isDone(more)).toBe(false);
    const first = await channel.take();
    if (first) channel.acknowledge(first);
    expect(await isDone(more)).toBe(true);
  });

  it.each([
    ['lines', { lines: 1, bytes: 10_000 }],
    ['bytes', { lines: 1000, bytes: 200 }],
  ])('lets a batch of more %s than it may hold in alone', async (_, capacity) => {
    const channel = new MemoryChannel(capacity);
    const heavy = [batch(300, 0), batch(300, 300)];
    await channel.put(heavy[0]);
    const second = channel.put(heavy[1]);
    expect(await isDone(second)).toBe(false);
    expect(await channel.take()).toBe(heavy[0]);
    expect(await isDone(second)).toBe(false);
    channel.acknowledge(heavy[0]);
    expect(await isDone(second)).toBe(true);
    // And gives back what it took, no more.
    expect(await isDone(channel.put(batch(1)))).toBe(false);
    channel.acknowledge(heavy[1]);
  });

  it('never holds more than its capacity, loses nothing and keeps the order', async () => {
    const capacity = { lines: 4, bytes: 400 };
    const sizes = fc.array(fc.integer({ min: 1, max: 600 }));
    await fc.assert(
      fc.asyncProperty(sizes, fc.array(fc.boolean()), async (all, acknowledgeNow) => {
        const channel = new MemoryChannel(capacity);
        const batches = all.map((bytes, index) => batch(bytes, index));
        const held = new Set<Batch>();
        const putting = (async () => {
          for (const each of batches) {
            await channel.put(each);
            held.add(each);
            const sum = (of: (bytes: number) => number) =>
              [...held].reduce((s, b) => s + of(b.end - b.start), 0);
            // Whatever is heavier by itself is alone.
            if (held.size === 1) continue;
            expect(sum((bytes) => Math.ceil(bytes / 128))).toBeLessThanOrEqual(capacity.lines);
            expect(sum((bytes) => bytes)).toBeLessThanOrEqual(capacity.bytes);
          }
          channel.close();
        })();
        const taken: Batch[] = [];
        const open: Batch[] = [];
        const acknowledge = (each: Batch): void => {
          held.delete(each);
          channel.acknowledge(each);
        };
        for (let round = 0; ; round += 1) {
          const waiting = channel.take();
          while (open.length > 0 && !(await isDone(waiting))) acknowledge(open.shift() as Batch);
          const next = await waiting;
          if (next === undefined) break;
          taken.push(next);
          if (acknowledgeNow[round] === false) open.push(next);
          else acknowledge(next);
        }
        await putting;
        expect(taken).toEqual(batches);
      }),
    );
  });
});
