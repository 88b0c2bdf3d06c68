import { describe, expect, it } from 'vitest';
import { Attempts } from '../../src/source/pull/attempts.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';

function create() {
  const clock = new FakeClock();
  const log = new RecordedLog();
  const stopping = new AbortController();
  const attempts = new Attempts('a:1', { clock, log }, stopping.signal);
  /** How long it is to the next attempt. */
  const delay = async (): Promise<number> => {
    const began = clock.monotonic();
    let hasCome = false;
    const waiting = attempts.failed('refused').then(() => {
      hasCome = true;
    });
    while (!hasCome) {
      clock.advance(100);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
    await waiting;
    return clock.monotonic() - began;
  };
  return { clock, log, stopping, attempts, delay };
}

describe('attempts', () => {
  it('come ever more seldom, up to every ten seconds, and begin anew', async () => {
    const { attempts, delay } = create();
    const delays: number[] = [];
    for (let count = 0; count < 7; count += 1) delays.push(await delay());
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    attempts.succeeded();
    expect(await delay()).toBe(500);
  });

  it('are said to fail once, and to succeed once', async () => {
    const { attempts, delay, log } = create();
    attempts.succeeded();
    attempts.succeeded();
    await delay();
    await delay();
    attempts.connected();
    attempts.succeeded();
    const said = log.lines.filter(([level]) => level !== 'debug').map(([level]) => level);
    expect(said).toEqual(['info', 'warn', 'info']);
    expect(log.lines[1][2]).toEqual({ from: 'a:1', reason: 'refused' });
  });

  it('that connect and then fail are not said to succeed', async () => {
    const { attempts, clock, delay, log } = create();
    attempts.connected();
    clock.advance(999);
    await delay();
    attempts.connected();
    clock.advance(999);
    await delay();
    expect(log.lines.filter(([level]) => level === 'info')).toEqual([]);
  });

  it('are not waited for, nor spoken of, once the run is to end', async () => {
    const { attempts, log, stopping } = create();
    const waiting = attempts.failed('refused');
    stopping.abort();
    await waiting;
    await attempts.failed('refused');
    attempts.succeeded();
    expect(log.lines).toHaveLength(1);
  });
});
