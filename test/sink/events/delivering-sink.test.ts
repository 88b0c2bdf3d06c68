import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../../src/channel/memory-channel.js';
import type { Batch } from '../../../src/core/batch.js';
import { systemError } from '../../../src/core/errors.js';
import type { DeliveringSinkConfig } from '../../../src/core/forward-config.js';
import type { BoundedOutlet } from '../../../src/core/stages.js';
import { DeliveringSink } from '../../../src/sink/events/delivering-sink.js';
import { RemoteError } from '../../../src/wire/avro/remote-error.js';
import { ConnectionError } from '../../../src/wire/connection-error.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import {
  linesOf,
  ManualDelivery,
  origin,
  outletOf,
  settled,
  sinkConfig,
  tooLong,
} from './parts.js';

class Running {
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  readonly far = new ManualDelivery();
  readonly delivered: Batch[] = [];
  readonly sink: DeliveringSink;
  isOver = false;
  failure: unknown;

  constructor(outlet: BoundedOutlet, config: Partial<DeliveringSinkConfig> = {}) {
    const { clock, log } = this;
    this.sink = new DeliveringSink(sinkConfig(config), [this.far], {
      clock,
      log,
      maxLine: 1_000_000,
    });
    this.sink
      .run(outlet, (batch) => this.delivered.push(batch))
      .then(
        () => {
          this.isOver = true;
        },
        (error) => {
          this.failure = error;
        },
      );
  }

  /** The oldest attempt that is under way arrives. */
  async arrive(): Promise<void> {
    await settled();
    this.far.underWay[0].resolve();
    await settled();
  }

  async fail(reason?: Error): Promise<void> {
    await settled();
    this.far.underWay[0].reject(reason);
    await settled();
  }

  async passes(time: number): Promise<void> {
    this.clock.advance(time);
    await settled();
  }
}

const four = (): Batch[] => [linesOf(['a', 'b', 'c']), linesOf(['d', 'e', 'f', 'g', 'h'])];

describe('the delivering sink', () => {
  it('sends one chunk at a time, and ends when all has arrived', async () => {
    const batches = [...four(), tooLong];
    const running = new Running(outletOf(batches));
    await running.arrive();
    expect(running.far.attempts).toHaveLength(2);
    expect(running.delivered).toEqual([]);
    await running.arrive();
    expect(running.delivered).toEqual(batches.slice(0, 1));
    await running.arrive();
    expect(running.isOver).toBe(false);
    await running.arrive();
    expect(running.isOver).toBe(true);
    expect(running.delivered).toEqual(batches);
    expect(running.far.attempts.flat().join('')).toBe('abcdefgh');
    expect(running.clock.timers).toBe(0);
    expect(running.log.lines.map(([, message]) => message)).toEqual([
      'Events are delivered.',
      'Lines are longer than the limit and are not sent.',
    ]);
  });

  it('ends at once where the outlet gives nothing', async () => {
    const running = new Running(outletOf([]));
    await settled();
    expect(running.isOver).toBe(true);
  });

  it('sends as many chunks at a time as it may', async () => {
    const running = new Running(outletOf(four()), { inFlight: 3 });
    await settled();
    expect(running.far.attempts.map((each) => each.join(''))).toEqual(['ab', 'cd', 'ef']);
  });

  it('waits for all that are under way before what failed goes again, oldest first', async () => {
    const running = new Running(outletOf(four()), { inFlight: 3 });
    await settled();
    const [first, second, third] = running.far.underWay;
    second.reject();
    await settled();
    await running.passes(10_000);
    expect(running.far.attempts).toHaveLength(3);
    third.resolve();
    first.reject();
    await settled();
    expect(running.far.attempts).toHaveLength(3);
    await running.passes(100);
    expect(running.far.attempts.slice(3).map((each) => each.join(''))).toEqual(['ab', 'cd', 'gh']);
    expect(running.delivered).toEqual([]);
  });

  it('sends nothing new while it waits for what is under way', async () => {
    const channel = new MemoryChannel({ lines: 100, bytes: 1000 });
    const running = new Running(channel, { inFlight: 3 });
    await channel.put(linesOf(['a', 'b', 'c', 'd']));
    await settled();
    running.far.underWay[1].reject();
    await settled();
    await channel.put(linesOf(['e', 'f', 'g', 'h']));
    await settled();
    expect(running.far.attempts).toHaveLength(2);
    await running.arrive();
    await running.passes(100);
    expect(running.far.attempts.slice(2).map((each) => each.join(''))).toEqual(['cd', 'ef', 'gh']);
  });

  it('waits twice as long after each failure, up to five seconds, and anew after a success', async () => {
    const running = new Running(outletOf(four()));
    for (const delay of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
      await running.fail();
      const attempts = running.far.attempts.length;
      await running.passes(delay - 1);
      expect(running.far.attempts).toHaveLength(attempts);
      await running.passes(1);
      expect(running.far.attempts).toHaveLength(attempts + 1);
    }
    await running.arrive();
    await running.fail();
    await running.passes(99);
    expect(running.far.underWay).toEqual([]);
    await running.passes(1);
    expect(running.far.underWay).toHaveLength(1);
  });

  it('says when it begins to fail, once a minute that it still does, and when it works again', async () => {
    const running = new Running(outletOf(four()));
    await running.fail(new ConnectionError('connection refused'));
    while (running.clock.monotonic() < 5_000 + 65_000) {
      await running.passes(5000);
      await running.fail(new ConnectionError('the other reason'));
    }
    await running.passes(5000);
    await running.arrive();
    const peer = { sink: 'k1', peer: 'far:1' };
    expect(running.log.lines).toEqual([
      [
        'warn',
        'Events cannot be delivered; they are sent again until they arrive.',
        { ...peer, reason: 'connection refused' },
      ],
      [
        'warn',
        'Events still cannot be delivered.',
        { ...peer, reason: 'the other reason', failures: 13, seconds: 60 },
      ],
      ['info', 'Events are delivered again.', { ...peer, failures: 14, seconds: 70 }],
    ]);
    await running.fail(new ConnectionError(`once more${'!'.repeat(1000)}`));
    expect(running.log.lines[3]).toEqual([
      'warn',
      'Events cannot be delivered; they are sent again until they arrive.',
      { ...peer, reason: `once more${'!'.repeat(491)}` },
    ]);
  });

  it('ends without delivering the rest when it is stopped while it sends', async () => {
    const running = new Running(outletOf(four()));
    await settled();
    running.sink.stop();
    await settled();
    expect(running.isOver).toBe(true);
    running.far.underWay[0].resolve();
    await settled();
    expect(running.far.attempts).toHaveLength(1);
    expect(running.delivered).toEqual([]);
  });

  it.each([
    ['between two attempts', true],
    ['while it waits for lines', false],
  ])('ends when it is stopped %s', async (_, fails) => {
    const channel = new MemoryChannel({ lines: 100, bytes: 1000 });
    const running = new Running(channel);
    await channel.put(linesOf(fails ? ['a', 'b'] : ['a']));
    await settled();
    if (fails) await running.fail();
    expect(running.clock.timers).toBe(1);
    running.sink.stop();
    await settled();
    expect(running.isOver).toBe(true);
    expect(running.clock.timers).toBe(0);
  });

  it('runs no more after it was stopped', async () => {
    const { clock, log } = new Running(outletOf([]));
    const far = new ManualDelivery();
    const sink = new DeliveringSink(sinkConfig(), [far], { clock, log, maxLine: 1_000_000 });
    sink.stop();
    await sink.run(outletOf(four()), () => {});
    expect(far.attempts).toEqual([]);
  });

  it('says nothing of what its own end makes fail', async () => {
    const running = new Running(outletOf(four()));
    await settled();
    await running.sink.close();
    await settled();
    expect(running.far.isClosed).toBe(true);
    expect(running.log.lines).toEqual([]);
    expect(running.clock.timers).toBe(0);
  });

  it('fails where it is given what it cannot send, and where who is told fails', async () => {
    const range: Batch = {
      kind: 'range',
      origin,
      start: 0,
      end: 1,
      descriptor: 1,
      failed: () => {},
    };
    const running = new Running(outletOf([range]));
    await settled();
    expect(String(running.failure)).toContain('range');
    const { clock, log, far } = new Running(outletOf([]));
    const sink = new DeliveringSink(sinkConfig(), [far], { clock, log, maxLine: 1_000_000 });
    const over = sink.run(outletOf([linesOf(['a'])]), () => {
      throw new Error('a bug');
    });
    await settled();
    far.underWay[0].resolve();
    await expect(over).rejects.toThrow('a bug');
  });

  it('sends again what the far end or the system made fail, and fails for a bug', async () => {
    const running = new Running(outletOf(four()), { inFlight: 2 });
    await running.fail(new RemoteError('no room'));
    await running.fail(systemError('ENOSPC', 'no space left'));
    await running.passes(100);
    expect(running.far.attempts).toHaveLength(4);
    const bug = new TypeError('not a function');
    await running.fail(bug);
    expect(running.failure).toBe(bug);
    await running.arrive();
    await running.passes(10_000);
    expect(running.far.attempts).toHaveLength(4);
    expect(running.clock.timers).toBe(0);
  });

  it('does not linger where the channel has no room for more', async () => {
    const channel = new MemoryChannel({ lines: 100, bytes: 1_000_000 });
    const running = new Running(channel, { batch: 100 });
    // So long, half as many fill the channel as make a batch.
    const lines = Array.from({ length: 1000 }, (_, at) => String(at).padEnd(240, '.'));
    const putting = (async () => {
      for (let at = 0; at < 1000; at += 10) await channel.put(linesOf(lines.slice(at, at + 10)));
      channel.close();
    })();
    for (let turn = 0; turn < 200 && !running.isOver; turn += 1) {
      await settled();
      running.far.underWay[0]?.resolve();
      for (const batch of running.delivered.splice(0)) channel.acknowledge(batch);
    }
    await settled();
    expect(running.isOver).toBe(true);
    await putting;
    expect(running.far.attempts.flat()).toEqual(lines);
    // Nor does it send one batch of the channel at a time.
    expect(running.far.attempts.length).toBeLessThanOrEqual(25);
  });

  it('delivers every event at least once, and in order where one chunk is under way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.nat(5), { minLength: 60, maxLength: 60 }),
        async (sizes, inFlight, batch, choices) => {
          let made = 0;
          const batches = sizes.map((size): Batch => {
            if (size === 0) return { ...tooLong };
            return linesOf(Array.from({ length: size }, () => String(made++)));
          });
          const running = new Running(outletOf(batches), { inFlight, batch });
          const arrived: string[] = [];
          const turns = [...choices];
          while (!running.isOver) {
            await settled();
            const { underWay } = running.far;
            expect(underWay.length).toBeLessThanOrEqual(inFlight);
            const choice = turns.pop() ?? 5;
            const attempt = underWay[choice % Math.max(1, underWay.length)];
            // It may have arrived before what goes wrong goes wrong.
            if (attempt && choice > 0) arrived.push(...attempt.bodies);
            if (attempt && choice < 2) attempt.reject();
            else attempt?.resolve();
            running.clock.advance(100);
          }
          const expected = Array.from({ length: made }, (_, at) => String(at));
          expect(running.delivered).toEqual(batches);
          expect([...new Set(arrived)].sort()).toEqual([...expected].sort());
          if (inFlight === 1) expect([...new Set(arrived)]).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
