import { describe, expect, it } from 'vitest';
import { MemoryChannel } from '../../../src/channel/memory-channel.js';
import type { Batch } from '../../../src/core/batch.js';
import type { PullServerConfig } from '../../../src/core/forward-config.js';
import { type EventBatch, PullRun } from '../../../src/sink/events/pull-run.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { bodiesOf, linesOf, settled, tooLong } from './parts.js';

const SETTINGS = { unacknowledged: 10, mostEvents: 1000, timeout: 60_000 };

class Pulled {
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  readonly channel = new MemoryChannel({ lines: 1000, bytes: 100_000 });
  readonly delivered: Batch[] = [];
  readonly connection = new AbortController();
  readonly run: PullRun;
  readonly over: Promise<void>;
  isOver = false;

  constructor(settings: Partial<typeof SETTINGS> = {}) {
    const config = { kind: 'pull-server', name: 'k1', channel: 'c1', ...SETTINGS, ...settings };
    // Where it listens is none of its business.
    this.run = new PullRun(config as PullServerConfig, {
      clock: this.clock,
      log: this.log,
      maxLine: 1_000_000,
    });
    this.over = this.run.begin(this.channel, (batch) => this.delivered.push(batch));
    void this.over.then(() => {
      this.isOver = true;
    });
  }

  async put(...bodies: string[]): Promise<Batch> {
    const batch = linesOf(bodies);
    await this.channel.put(batch);
    return batch;
  }

  get(n: number, { signal } = this.connection): Promise<EventBatch> {
    return this.run.get(n, signal);
  }

  /** What is given by now, in short. */
  async text(batch: Promise<EventBatch>): Promise<string> {
    let text = 'nothing yet';
    void batch.then(({ error, events }) => {
      text = error === '' ? bodiesOf(events).join('') : error;
    });
    await settled();
    return text;
  }
}

describe('who pulls', () => {
  it('gets a batch, acknowledges it, and gets the next', async () => {
    const pulled = new Pulled();
    const batch = await pulled.put('a', 'b', 'c');
    const first = await pulled.get(2);
    expect(first).toMatchObject({ error: '' });
    expect(first.sequence).toMatch(/^[0-9a-f]{8}1$/);
    expect(bodiesOf(first.events)).toEqual(['a', 'b']);
    pulled.run.ack(first.sequence);
    expect(pulled.delivered).toEqual([]);
    pulled.channel.close();
    const second = await pulled.get(2);
    expect(second.sequence).toBe(first.sequence.replace(/1$/, '2'));
    pulled.run.ack(second.sequence);
    expect(pulled.delivered).toEqual([batch]);
    await pulled.over;
    expect(pulled.clock.timers).toBe(0);
  });

  it('waits for events, and a little longer for as many as he asked for', async () => {
    const pulled = new Pulled();
    const batch = pulled.get(5);
    expect(await pulled.text(batch)).toBe('nothing yet');
    await pulled.put('a', 'b');
    expect(await pulled.text(batch)).toBe('nothing yet');
    pulled.clock.advance(20);
    expect(await pulled.text(batch)).toBe('ab');
  });

  it('gets no more than the sink gives at a time', async () => {
    const pulled = new Pulled({ mostEvents: 2 });
    await pulled.put('a', 'b', 'c');
    expect(await pulled.text(pulled.get(1000))).toBe('ab');
  });

  it('gets the same events again after he refused them, in order and under another number', async () => {
    const pulled = new Pulled();
    await pulled.put('a', 'b', 'c', 'd', 'e', 'f');
    const [first, second] = [await pulled.get(2), await pulled.get(2)];
    pulled.run.nack(second.sequence);
    pulled.run.nack(first.sequence);
    const again = await pulled.get(2);
    expect(again.sequence).not.toBe(first.sequence);
    expect(bodiesOf(again.events)).toEqual(['a', 'b']);
    expect(await pulled.text(pulled.get(3))).toBe('cd');
    expect(await pulled.text(pulled.get(3))).toBe('nothing yet');
    pulled.clock.advance(20);
    expect(await pulled.text(pulled.get(2))).toBe('nothing yet');
  });

  it('is given them again when he does not answer in time', async () => {
    const pulled = new Pulled();
    const batch = await pulled.put('a', 'b');
    const first = await pulled.get(2);
    pulled.clock.advance(59_999);
    const waiting = pulled.get(2);
    expect(await pulled.text(waiting)).toBe('nothing yet');
    pulled.clock.advance(1);
    expect(await pulled.text(waiting)).toBe('ab');
    // Too late: others have them by now.
    pulled.run.ack(first.sequence);
    expect(pulled.delivered).toEqual([]);
    pulled.run.ack((await waiting).sequence);
    expect(pulled.delivered).toEqual([batch]);
    expect(pulled.log.lines).toEqual([
      [
        'warn',
        'A batch was not acknowledged and is given again.',
        { sink: 'k1', events: 2, reason: 'timeout' },
      ],
    ]);
  });

  it('loses nothing to a connection that is gone before it acknowledged', async () => {
    const pulled = new Pulled();
    await pulled.put('a', 'b');
    const gone = new AbortController();
    await pulled.get(2, gone);
    const waiting = pulled.get(2);
    gone.abort();
    expect(await pulled.text(waiting)).toBe('ab');
    expect(pulled.clock.timers).toBe(1);
  });

  it('loses nothing to a connection that is gone while it waits', async () => {
    const pulled = new Pulled();
    const gone = new AbortController();
    void pulled.get(3, gone);
    const waiting = pulled.get(2);
    await pulled.put('a', 'b');
    await settled();
    gone.abort();
    expect(await pulled.text(waiting)).toBe('ab');
    void pulled.get(1, gone);
    await pulled.put('c');
    expect(await pulled.text(pulled.get(1))).toBe('c');
  });

  it('may answer as he likes: what means nothing does nothing', async () => {
    const pulled = new Pulled();
    await pulled.put('a', 'b');
    const { sequence } = await pulled.get(1);
    for (const bogus of ['', 'x', `${sequence}0`, '__proto__']) {
      pulled.run.ack(bogus);
      pulled.run.nack(bogus);
    }
    pulled.run.ack(sequence);
    pulled.run.ack(sequence);
    pulled.run.nack(sequence);
    expect(await pulled.text(pulled.get(1))).toBe('b');
  });

  it('waits while so many batches are not acknowledged', async () => {
    const pulled = new Pulled({ unacknowledged: 2 });
    await pulled.put('a', 'b', 'c');
    const first = await pulled.get(1);
    await pulled.get(1);
    const third = pulled.get(1);
    expect(await pulled.text(third)).toBe('nothing yet');
    pulled.run.ack(first.sequence);
    expect(await pulled.text(third)).toBe('c');
  });

  it.each([0, -1])('is told when he asks for %i events', async (n) => {
    const pulled = new Pulled();
    expect((await pulled.get(n)).error).toContain('At least one event');
  });

  it('is told when too many wait, and Node has nothing to say to so many', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    const pulled = new Pulled();
    const waiting = Array.from({ length: 1000 }, () => pulled.get(1));
    expect((await pulled.get(1)).error).toContain('Too many');
    pulled.connection.abort();
    await Promise.all(waiting);
    await pulled.put('a');
    expect(await pulled.text(pulled.get(1, new AbortController()))).toBe('a');
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('the end of a pull server', () => {
  it('is when all is acknowledged', async () => {
    const pulled = new Pulled();
    const batches = [await pulled.put('a'), tooLong];
    await pulled.channel.put(tooLong);
    pulled.channel.close();
    const { sequence } = await pulled.get(5);
    await settled();
    expect(pulled.isOver).toBe(false);
    pulled.run.ack(sequence);
    await pulled.over;
    expect(pulled.delivered).toEqual(batches);
  });

  it('comes at once when it is stopped, and who waits is told', async () => {
    const pulled = new Pulled();
    await pulled.put('a');
    const given = await pulled.get(1);
    const waiting = pulled.get(5);
    await settled();
    pulled.run.stop();
    await pulled.over;
    for (const batch of [await waiting, await pulled.get(1)]) {
      expect(batch).toMatchObject({ error: 'The sink k1 has been stopped.', sequence: '' });
      expect(batch.events.count).toBe(0);
    }
    pulled.run.ack(given.sequence);
    expect(pulled.delivered).toEqual([]);
    expect(pulled.clock.timers).toBe(0);
  });
});
