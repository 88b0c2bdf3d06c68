/** A run that forwards, with a source and a sink that the test moves. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { ChannelProcessor } from '../../src/channel/channel-processor.js';
import { MemoryChannel } from '../../src/channel/memory-channel.js';
import { Settlement } from '../../src/channel/settlement.js';
import type { Batch, Origin } from '../../src/core/batch.js';
import type { EventSink, Intake, Outlet, Source } from '../../src/core/stages.js';
import { NoJournal } from '../../src/journal/no-journal.js';
import { Forwarding } from '../../src/run/forwarding.js';
import { Lane } from '../../src/run/lane.js';
import { Upstream } from '../../src/run/upstream.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';

/** Puts what it is told to, one batch after the other, and ends when told so. */
class HandSource implements Source, Origin {
  readonly name = 'by hand';
  readonly added: (batch: Batch) => void;
  readonly told: string[] = [];
  readonly #texts: readonly string[];
  #isStopped = false;
  isClosed = false;
  isRetired = false;
  position = -1;

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.added = (batch) => {
      this.told.push(textOf(batch));
    };
  }

  acknowledged(position: number): void {
    this.position = position;
  }

  memo(): undefined {}
  async open(): Promise<void> {}
  async begin(): Promise<void> {}

  async run(intake: Intake): Promise<void> {
    let start = 0;
    for (const text of this.#texts) {
      if (this.#isStopped) return;
      const bytes = Buffer.from(text);
      const end = start + bytes.length;
      await intake.put({ kind: 'lines', origin: this, start, end, bytes });
      start = end;
    }
  }

  toRead(): undefined {}

  stop(): void {
    this.#isStopped = true;
  }

  async retire(): Promise<void> {
    this.isRetired = true;
  }

  async close() {
    this.isClosed = true;
    return { failed: 0 };
  }
}

/** Delivers as many batches as it is allowed to. */
class HandSink implements EventSink {
  readonly name = 'by hand';
  readonly unanswered = 7;
  readonly taken: string[] = [];
  isClosed = false;
  #allowed: number;
  #wake: () => void = () => {};
  #isStopped = false;

  constructor(allowed: number) {
    this.#allowed = allowed;
  }

  async open(): Promise<void> {}

  async run(outlet: Outlet, delivered: (batch: Batch, events: number) => void): Promise<void> {
    for (let next = await outlet.take(); next; next = await outlet.take()) {
      while (this.#allowed === 0 && !this.#isStopped)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      if (this.#isStopped) return;
      this.#allowed -= 1;
      this.taken.push(textOf(next));
      delivered(next, 1);
    }
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

function textOf(batch: Batch): string {
  return batch.kind === 'lines' ? Buffer.from(batch.bytes).toString() : batch.kind;
}

function setUp(texts: readonly string[], ...allowed: number[]) {
  const clock = new FakeClock();
  const log = new RecordedLog();
  const messages = () => log.lines.map(([, message]) => message);
  const source = new HandSource(texts);
  const journal = new NoJournal();
  const upstream = new Upstream({
    sources: [source],
    journal,
    locks: undefined,
    check: async () => {},
  });
  const settlement = new Settlement((batch, events) => {
    batch.origin.added(batch, events);
    journal.added(batch);
  });
  const sinks = allowed.map((count) => new HandSink(count));
  const lanes = sinks.map((sink) => {
    const channel = new MemoryChannel({ lines: 1, bytes: 1000 });
    return new Lane(channel, [sink], (batch, events) => settlement.delivered(batch, events));
  });
  const channels = lanes.map(({ channel }) => channel);
  const intake = new ChannelProcessor({ rules: [], channels, settlement, clock });
  const discarded: string[] = [];
  const forwarding = new Forwarding({
    upstream,
    inlets: [{ source, intake }],
    lanes,
    discard: (batch) => {
      discarded.push(textOf(batch));
      settlement.discard(batch);
    },
    arrived: () => source.told.length,
    clock,
    log,
  });
  return { clock, source, sinks, forwarding, discarded, messages };
}

const FOUR = ['a\n', 'b\n', 'c\n', 'd\n'];

describe('a run that forwards', () => {
  it('ends when its sources have ended and all has arrived, and retires then', async () => {
    const { source, sinks, forwarding } = setUp(FOUR, Infinity);
    await forwarding.open();
    expect(await forwarding.run()).toEqual({ failed: 0, lines: 4, perhapsTwice: 7 });
    expect(sinks[0].taken).toEqual(FOUR);
    expect(source).toMatchObject({ told: FOUR, position: 8, isRetired: true, isClosed: true });
    expect(sinks[0].isClosed).toBe(true);
  });

  it('acknowledges what every sink has delivered, and no more', async () => {
    const { source, clock, forwarding } = setUp(FOUR, Infinity, 2);
    await forwarding.open();
    const run = forwarding.run();
    for (let i = 0; i < 20; i += 1) await nextTurn();
    expect(source.told).toEqual(['a\n', 'b\n']);
    expect(source.position).toBe(4);
    forwarding.stop();
    clock.advance(5000);
    await run;
    expect(source.told).toEqual(['a\n', 'b\n']);
  });

  it('gives what is on its way a while after it was asked to end, and says what is left', async () => {
    const { source, sinks, clock, forwarding, discarded, messages } = setUp(FOUR, 1);
    await forwarding.open();
    let outcome: unknown;
    const run = forwarding.run().then((result) => {
      outcome = result;
    });
    for (let i = 0; i < 20; i += 1) await nextTurn();
    forwarding.stop();
    clock.advance(4999);
    for (let i = 0; i < 20; i += 1) await nextTurn();
    expect(outcome).toBe(undefined);
    clock.advance(1);
    await run;
    expect(outcome).toEqual({ failed: 0, lines: 1, perhapsTwice: 7 });
    expect(sinks[0].taken).toEqual(['a\n']);
    // The one in the sink's hands, and the one that waited for room behind it.
    expect(discarded).toEqual(['b\n', 'c\n']);
    expect(source).toMatchObject({ position: 2, isRetired: false, isClosed: true });
    expect(messages()).toEqual([
      'The end came before all was delivered; what was received is gone, unless its sender comes again.',
    ]);
  });

  it('leaves no timer behind', async () => {
    const { clock, forwarding } = setUp(FOUR, Infinity);
    await forwarding.open();
    const run = forwarding.run();
    forwarding.stop();
    await run;
    expect(clock.timers).toBe(0);
  });
});
