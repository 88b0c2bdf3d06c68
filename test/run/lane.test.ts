import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import type { Batch, Origin } from '../../src/core/batch.js';
import type { BoundedOutlet, EventSink } from '../../src/core/stages.js';
import { Lane } from '../../src/run/lane.js';

const origin: Origin = {
  name: 'test',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

function batch(start: number): Batch {
  return { kind: 'lines', origin, start, end: start + 1, bytes: new Uint8Array(1) };
}

/** Asks for one more when it is stopped, as a sink does that encodes ahead. */
class AskingSink implements EventSink {
  readonly name = 'asks';
  readonly unanswered = 0;
  #stop: () => void = () => {};

  async open(): Promise<void> {}

  async run(outlet: BoundedOutlet): Promise<void> {
    await outlet.take();
    void outlet.take();
    await new Promise<void>((resolve) => {
      this.#stop = resolve;
    });
  }

  stop(): void {
    this.#stop();
  }

  async close(): Promise<void> {}
}

it('what a sink asked for before it was stopped, and what comes then, is let go', async () => {
  const channel = new MemoryChannel({ lines: 1, bytes: 10 });
  const lane = new Lane(channel, [new AskingSink()], () => {});
  await channel.put(batch(0));
  const running = lane.run();
  await nextTurn();
  await nextTurn();
  lane.stop();
  await running;
  const left: number[] = [];
  const emptied = lane.empty(({ start }) => left.push(start));
  // Each waits for the room of the one before.
  for (const start of [1, 2, 3]) await channel.put(batch(start));
  channel.close();
  await emptied;
  expect(left).toEqual([0, 1, 2, 3]);
});
