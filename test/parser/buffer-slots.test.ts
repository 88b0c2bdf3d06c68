import { describe, expect, it } from 'vitest';
import { BufferSlots } from '../../src/core/buffer-slots.js';

const SIZE = 100;

/** A memory of so many slots, which lie further apart than they are long. */
class Memory {
  readonly memory: ArrayBuffer;
  readonly offsets: readonly number[];
  ready = true;

  constructor(slots: number) {
    this.memory = new ArrayBuffer(64 + slots * 192);
    this.offsets = Array.from({ length: slots }, (_, at) => 64 + at * 192);
  }

  isReady(): boolean {
    return this.ready;
  }
}

function slotsOf(...memories: Memory[]): BufferSlots {
  const slots = new BufferSlots(SIZE);
  for (const memory of memories) slots.add(memory);
  return slots;
}

function acquireAll(slots: BufferSlots): Buffer[] {
  const all: Buffer[] = [];
  for (let next = slots.tryAcquire(); next; next = slots.tryAcquire()) all.push(next);
  return all;
}

/** Those of the promises that were resolved, in the order in which that happened. */
function watch(slots: BufferSlots, count: number): { order: number[]; buffers: Buffer[] } {
  const order: number[] = [];
  const buffers: Buffer[] = [];
  for (let at = 0; at < count; at += 1) {
    slots.acquire().then((buffer) => {
      order.push(at);
      buffers.push(buffer);
    });
  }
  return { order, buffers };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the buffers', () => {
  it('are slots of the memories, all different, each of the one length', () => {
    const memories = [new Memory(3), new Memory(2)];
    const all = acquireAll(slotsOf(...memories));
    const places = all.map(
      (buffer) =>
        `${memories.findIndex(({ memory }) => memory === buffer.buffer)}:${buffer.byteOffset}`,
    );
    expect(places.sort()).toEqual(['0:256', '0:448', '0:64', '1:256', '1:64']);
    expect(all.every(({ length }) => length === SIZE)).toBe(true);
  });

  it.each([
    [2, 4],
    [4, 2],
  ])('come from the memory that has the most free: of %i and %i', (...counts) => {
    const memories = counts.map((count) => new Memory(count));
    const all = acquireAll(slotsOf(...memories));
    const fuller = memories[counts.indexOf(4)].memory;
    const ofFuller = all.map(({ buffer }) => buffer === fuller);
    expect(ofFuller.slice(0, 2)).toEqual([true, true]);
    expect(ofFuller.slice(2).filter(Boolean).length).toBe(2);
    expect(ofFuller[2]).not.toBe(ofFuller[3]);
  });

  it('are not of a memory that is not ready', async () => {
    const [one, other] = [new Memory(1), new Memory(5)];
    other.ready = false;
    const slots = slotsOf(one, other);
    expect(acquireAll(slots).map(({ buffer }) => buffer)).toEqual([one.memory]);
    const waiting = watch(slots, 2);
    slots.serve();
    await settled();
    expect(waiting.order).toEqual([]);
    other.ready = true;
    // Who asks now comes after those who wait, though there are buffers.
    const last = watch(slots, 1);
    await settled();
    expect(last.order).toEqual([]);
    slots.serve();
    await settled();
    expect(waiting.order).toEqual([0, 1]);
    expect(last.order).toEqual([0]);
    expect(waiting.buffers.every(({ buffer }) => buffer === other.memory)).toBe(true);
  });

  it('go to those who wait in the order of their calls, one a release', async () => {
    const slots = slotsOf(new Memory(2));
    const [one, other] = acquireAll(slots);
    const waiting = watch(slots, 3);
    await settled();
    expect(waiting.order).toEqual([]);
    slots.release(one);
    slots.release(other);
    await settled();
    expect(waiting.order).toEqual([0, 1]);
    expect(waiting.buffers.map(({ byteOffset }) => byteOffset)).toEqual([
      one.byteOffset,
      other.byteOffset,
    ]);
    expect(slots.tryAcquire()).toBeUndefined();
    slots.release(waiting.buffers[1]);
    await settled();
    expect(waiting.order).toEqual([0, 1, 2]);
    expect(slots.tryAcquire()).toBeUndefined();
  });

  it('are had at once where one is free and nobody waits', async () => {
    const slots = slotsOf(new Memory(1));
    const buffer = await slots.acquire();
    slots.release(buffer);
    expect((await slots.acquire()).byteOffset).toBe(buffer.byteOffset);
  });

  it.each([
    ['all of it', 0, SIZE],
    ['its beginning', 0, 1],
    ['its end', SIZE - 1, SIZE],
    ['nothing at its beginning', 0, 0],
    ['nothing at its end', SIZE, SIZE],
  ])('are taken back by %s', (_, from, to) => {
    const slots = slotsOf(new Memory(3), new Memory(3));
    const all = acquireAll(slots);
    for (const buffer of all) {
      slots.release(new Uint8Array(buffer.buffer, buffer.byteOffset + from, to - from));
      const again = slots.tryAcquire();
      expect([again?.buffer, again?.byteOffset]).toEqual([buffer.buffer, buffer.byteOffset]);
      expect(slots.tryAcquire()).toBeUndefined();
    }
  });

  it('do not become more by memory from elsewhere', () => {
    const slots = slotsOf(new Memory(1));
    acquireAll(slots);
    slots.release(Buffer.alloc(SIZE));
    expect(slots.tryAcquire()).toBeUndefined();
  });

  it('tell each time that somebody finds none', async () => {
    let shortages = 0;
    const slots = new BufferSlots(SIZE, () => {
      shortages += 1;
    });
    slots.add(new Memory(1));
    const buffer = await slots.acquire();
    expect(shortages).toBe(0);
    slots.tryAcquire();
    expect(shortages).toBe(1);
    const next = slots.acquire();
    expect(shortages).toBe(2);
    slots.release(buffer);
    await next;
    expect(shortages).toBe(2);
  });
});
