import { beforeEach, describe, expect, test } from 'vitest';
import { DescriptorOutlet } from '../../src/core/output/descriptor-outlet.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeTerminal } from './fake-outlet.js';

/** What the system answers to one write: how many bytes it took, or a code. */
type Answer = number | string;

/** A descriptor that gives these answers in turn, and after them takes everything. */
class FaultyDescriptor {
  readonly answers: Answer[];
  taken = '';
  calls = 0;

  constructor(...answers: Answer[]) {
    this.answers = answers;
  }

  write = (bytes: Uint8Array, done: (error: Error | null, length: number) => void): void => {
    this.calls += 1;
    const answer = this.answers.shift() ?? bytes.length;
    if (typeof answer === 'string') {
      done(Object.assign(new Error(answer), { code: answer }), 0);
      return;
    }
    this.taken += Buffer.from(bytes.subarray(0, answer)).toString();
    done(null, answer);
  };
}

let clock: FakeClock;
let events: string[];

beforeEach(() => {
  clock = new FakeClock();
  events = [];
});

function outletOn(descriptor: FaultyDescriptor, terminal?: FakeTerminal): DescriptorOutlet {
  const release = (): void => void events.push('released');
  const outlet = new DescriptorOutlet(descriptor.write, clock, terminal, release);
  outlet.listen({
    closed: () => events.push('closed'),
    failed: (error) => events.push(`failed ${error.message}`),
  });
  return outlet;
}

function write(outlet: DescriptorOutlet, text: string): void {
  outlet.write(Buffer.from(text), () => events.push(`done ${text}`));
}

describe('a descriptor outlet', () => {
  test('writes at once', () => {
    const descriptor = new FaultyDescriptor();
    write(outletOn(descriptor), 'hello');
    expect(descriptor.taken).toBe('hello');
    expect(events).toEqual(['done hello']);
    expect(clock.timers).toBe(0);
  });

  test('tries again after EAGAIN, not before time has passed', () => {
    const descriptor = new FaultyDescriptor('EAGAIN');
    write(outletOn(descriptor), 'hello');
    expect(events).toEqual([]);
    clock.advance(25);
    expect(descriptor.taken).toBe('hello');
    expect(events).toEqual(['done hello']);
  });

  test('goes on where a partial write stopped', () => {
    const descriptor = new FaultyDescriptor(2, 'EAGAIN', 1);
    write(outletOn(descriptor), 'hello');
    clock.advance(1000);
    expect(descriptor.taken).toBe('hello');
    expect(events).toEqual(['done hello']);
  });

  test('a write of nothing is no progress', () => {
    const descriptor = new FaultyDescriptor(0, 0, 0);
    write(outletOn(descriptor), 'hello');
    expect(descriptor.calls).toBe(1);
    clock.advance(1000);
    expect(descriptor.taken).toBe('hello');
  });

  test('a reader that stalls costs few attempts', () => {
    const descriptor = new FaultyDescriptor(...new Array<string>(10_000).fill('EAGAIN'));
    write(outletOn(descriptor), 'hello');
    clock.advance(10_000);
    expect(descriptor.calls).toBeLessThan(10_000 / 20);
    expect(descriptor.calls).toBeGreaterThan(10_000 / 50);
  });

  test('a reader that is nearly fast enough is not made to wait', () => {
    const descriptor = new FaultyDescriptor(...new Array<number>(100).fill(1));
    write(outletOn(descriptor), 'x'.repeat(101));
    clock.advance(110);
    expect(events).toEqual([`done ${'x'.repeat(101)}`]);
  });

  test.each(['EPIPE', 'ECONNRESET'])('%s: closed, told once; the rest is dropped', (code) => {
    const descriptor = new FaultyDescriptor(2, code);
    const outlet = outletOn(descriptor);
    write(outlet, 'hello');
    clock.advance(1000);
    write(outlet, 'more');
    expect(descriptor.taken).toBe('he');
    expect(descriptor.calls).toBe(2);
    expect(events).toEqual(['released', 'closed', 'done hello', 'done more']);
  });

  test('EIO closes a terminal', () => {
    write(outletOn(new FaultyDescriptor('EIO'), new FakeTerminal(80, 24)), 'hello');
    expect(events).toEqual(['released', 'closed', 'done hello']);
  });

  test('EIO of a file is a fault', () => {
    write(outletOn(new FaultyDescriptor('EIO')), 'hello');
    expect(events).toEqual(['failed EIO']);
  });

  test('ENOSPC: told once, tried again each second, nothing torn', () => {
    const descriptor = new FaultyDescriptor(2, 'ENOSPC', 'ENOSPC', 'ENOSPC');
    const outlet = outletOn(descriptor);
    write(outlet, 'hello');
    clock.advance(900);
    expect(descriptor.calls).toBe(2);
    clock.advance(5000);
    expect(descriptor.taken).toBe('hello');
    expect(events).toEqual(['failed ENOSPC', 'done hello']);
  });

  test('a fault after a good write is told again', () => {
    const descriptor = new FaultyDescriptor('ENOSPC', 5, 'ENOSPC');
    const outlet = outletOn(descriptor);
    write(outlet, 'first');
    clock.advance(1000);
    write(outlet, 'second');
    expect(events).toEqual(['failed ENOSPC', 'done first', 'failed ENOSPC']);
  });

  test('close gives up what waits, and leaves no timer behind', () => {
    const outlet = outletOn(new FaultyDescriptor('EAGAIN'));
    write(outlet, 'hello');
    outlet.close();
    expect(clock.timers).toBe(0);
    expect(events).toEqual(['released']);
  });
});
