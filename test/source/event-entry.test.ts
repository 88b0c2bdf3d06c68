import { describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import { EventEntry } from '../../src/source/events/event-entry.js';
import { readEventArray } from '../../src/wire/avro/events.js';
import { expectCollected } from '../support/collected.js';
import { bodies, EventRig, encodeEvents } from './avro-rig.js';

function received(text: string) {
  const { count, bytes } = encodeEvents(bodies(text));
  // In memory of its own, which is worth to be used again.
  const call = Uint8Array.from([2 * count, ...bytes, 0]);
  return readEventArray(call, 0, { trimLineEnd: true });
}

function entryOf(ack: 'channel' | 'durable') {
  const { cutting, memory } = new EventRig({});
  return new EventEntry({ name: 'test', ack, use: 'lines', cutting, memory });
}

describe('what was refused', () => {
  it('is held by nobody, however long nothing is added', async () => {
    const entry = entryOf('channel');
    const channel = new MemoryChannel({ lines: 1, bytes: 10 });
    const gone = new AbortController().signal;
    const take = (release: () => void, withdrawal: AbortSignal) =>
      entry.take({ received: received('x'.repeat(100)), release, gone }, channel, withdrawal);
    await take(() => {}, gone);
    const refused = await (async (): Promise<WeakRef<object>> => {
      const withdrawal = new AbortController();
      const release = (): void => {};
      const taking = take(release, withdrawal.signal);
      withdrawal.abort();
      expect(await taking).toBe(false);
      return new WeakRef(release);
    })();
    await expectCollected(refused);
    // The entry itself is still there.
    expect(entry.memo()).toBe(undefined);
  });
});

describe('who waits for the journal', () => {
  it('waits no longer when its sender has gone', async () => {
    const entry = entryOf('durable');
    const channel = new MemoryChannel({ lines: 10, bytes: 1000 });
    const sender = new AbortController();
    const never = new AbortController().signal;
    const arrival = { received: received('x'), release: () => {}, gone: sender.signal };
    const taking = entry.take(arrival, channel, never);
    await channel.take();
    sender.abort();
    expect(await taking).toBe(false);
  });
});
