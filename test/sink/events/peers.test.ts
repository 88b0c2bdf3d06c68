import { describe, expect, it } from 'vitest';
import type { Policy } from '../../../src/core/forward-config.js';
import { Peers } from '../../../src/sink/events/peers.js';
import { ConnectionError } from '../../../src/wire/connection-error.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { encoded, ManualDelivery, settled } from './parts.js';

const events = encoded(['a']);

class Group {
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  readonly ends = [new ManualDelivery('a:1'), new ManualDelivery('b:1'), new ManualDelivery('c:1')];
  readonly peers: Peers;
  /** Of the ends, which fail. */
  readonly down = new Set<string>();
  /** To which ends chunks went, one letter an attempt. */
  path = '';

  constructor(policy: Policy, random?: () => number, count = 3) {
    const { clock, log } = this;
    this.ends.length = count;
    for (const end of this.ends) {
      const letter = end.peer[0];
      end.deliver = async () => {
        this.path += letter;
        if (this.down.has(letter)) throw new ConnectionError(`${letter} is down`);
      };
    }
    const around = random ? { clock, log, random } : { clock, log };
    this.peers = new Peers(this.ends, { sink: 'k1', policy, ...around });
  }

  /** Sends so many chunks, one after the other, and gives where they went. */
  async send(count = 1): Promise<string> {
    this.path = '';
    for (let i = 0; i < count; i += 1) {
      await this.peers.deliver(events).catch(() => {
        this.path += '!';
      });
    }
    return this.path;
  }
}

describe('failover', () => {
  const policy: Policy = { kind: 'failover', mostPenalty: 4000 };

  it('goes to the first, and to the next at once where that fails', async () => {
    const group = new Group(policy);
    expect(await group.send(2)).toBe('aa');
    group.down.add('a');
    expect(await group.send(3)).toBe('abbb');
  });

  it('returns to a better one when its penalty is over, which doubles', async () => {
    const group = new Group(policy);
    group.down.add('a');
    await group.send();
    for (const penalty of [1000, 2000, 4000, 4000]) {
      group.clock.advance(penalty - 1);
      expect(await group.send()).toBe('b');
      group.clock.advance(1);
      expect(await group.send()).toBe('ab');
    }
    group.down.delete('a');
    group.clock.advance(4000);
    expect(await group.send()).toBe('a');
    group.down.add('a');
    await group.send();
    group.clock.advance(1000);
    expect(await group.send()).toBe('ab');
  });

  it('rejects when all have failed, then waits for the one that comes back first', async () => {
    const group = new Group(policy);
    for (const letter of 'abc') group.down.add(letter);
    expect(await group.send()).toBe('abc!');
    group.clock.advance(1000);
    group.down.delete('b');
    // Sets `a` aside for two seconds, and returns to `b`.
    expect(await group.send()).toBe('ab');
    group.down.add('b');
    expect(await group.send()).toBe('bc!');
    const sent = group.send();
    group.down.clear();
    await settled();
    expect(group.path).toBe('');
    group.clock.advance(999);
    await settled();
    expect(group.path).toBe('');
    group.clock.advance(1);
    expect(await sent).toBe('b');
  });

  it('sets nothing aside where the most is 0', async () => {
    const group = new Group({ kind: 'failover', mostPenalty: 0 });
    group.down.add('a');
    expect(await group.send(3)).toBe('ababab');
  });

  it('sets nothing aside that stands alone', async () => {
    const group = new Group(policy, undefined, 1);
    group.down.add('a');
    expect(await group.send(3)).toBe('a!a!a!');
  });

  it('tries no other for a bug, which is nothing that a host can help', async () => {
    const group = new Group(policy);
    const bug = new TypeError('not a function');
    group.ends[0].deliver = () => Promise.reject(bug);
    await expect(group.peers.deliver(events)).rejects.toBe(bug);
    expect(group.path).toBe('');
    expect(group.log.lines).toEqual([]);
  });

  it('counts chunks that fail together as one failure', async () => {
    const group = new Group({ kind: 'failover', mostPenalty: 30_000 });
    group.down.add('a');
    await Promise.all([group.peers.deliver(events), group.peers.deliver(events)]);
    group.clock.advance(1000);
    expect(await group.send()).toBe('ab');
  });

  it('says of each which is down and which is back', async () => {
    const group = new Group(policy);
    group.down.add('a');
    await group.send();
    group.clock.advance(1000);
    group.down.clear();
    await group.send();
    expect(group.log.lines.map(([, message, fields]) => [message, fields?.peer])).toEqual([
      [
        'Events cannot be delivered here; another takes its place, if there is one that works.',
        'a:1',
      ],
      ['Events are delivered.', 'b:1'],
      ['Events are delivered again.', 'a:1'],
    ]);
    expect(group.log.lines[2][2]).toMatchObject({ failures: 1, seconds: 1 });
  });

  it('lets go of who waits when it is closed', async () => {
    const group = new Group(policy);
    for (const letter of 'abc') group.down.add(letter);
    await group.send();
    const waiting = group.peers.deliver(events);
    const over = expect(waiting).rejects.toThrow('closed');
    await settled();
    expect(group.clock.timers).toBe(1);
    await group.peers.close();
    await over;
    expect(group.clock.timers).toBe(0);
    expect(group.ends.every(({ isClosed }) => isClosed)).toBe(true);
  });
});

describe('round-robin', () => {
  it('goes to each in turn, and passes over who is set aside', async () => {
    const group = new Group({ kind: 'round-robin', mostPenalty: 30_000 });
    expect(await group.send(4)).toBe('abca');
    group.down.add('b');
    expect(await group.send(5)).toBe('bcacac');
    group.down.clear();
    group.clock.advance(1000);
    expect(await group.send(3)).toBe('abc');
  });

  it('has chunks under way at several', async () => {
    const group = new Group({ kind: 'round-robin', mostPenalty: 0 });
    await Promise.all([1, 2, 3].map(() => group.peers.deliver(events)));
    expect(group.path).toBe('abc');
  });
});

describe('random', () => {
  it('goes by chance to one that is not set aside', async () => {
    const chances = [0.99, 0, 0.4, 0.5, 0.99, 0];
    const group = new Group({ kind: 'random', mostPenalty: 30_000 }, () => chances.shift() ?? 0);
    expect(await group.send(3)).toBe('cab');
    group.down.add('b');
    expect(await group.send(2)).toBe('bca');
  });
});
