import { beforeEach, describe, expect, test } from 'vitest';
import { Writer } from '../../src/core/output/writer.js';
import { FakeClock } from '../support/fake-clock.js';
import { FakeOutlet } from './fake-outlet.js';

let clock: FakeClock;
let outlet: FakeOutlet;
let writer: Writer;
let events: string[];

beforeEach(() => {
  clock = new FakeClock();
  outlet = new FakeOutlet();
  writer = new Writer(outlet, clock);
  events = [];
  writer.listen({
    closed: () => events.push('closed'),
    failed: (error) => events.push(`failed ${error.message}`),
    snapshotsDropped: (count) => events.push(`${count} snapshots`),
    linesDropped: (count) => events.push(`${count} lines`),
  });
});

describe('log lines', () => {
  test('go out in order, what waits in one write', () => {
    writer.line('a');
    writer.line('b');
    writer.line('c');
    outlet.acceptAll();
    expect(outlet.writes).toEqual(['a\n', 'b\nc\n']);
  });

  test('are bounded while nobody reads; the oldest stay', () => {
    const line = 'x'.repeat(1023);
    writer.line('first');
    for (let i = 0; i < 1030; i += 1) writer.line(`${i}`.padEnd(1023, '.'));
    outlet.accept();
    expect(events).toEqual(['6 lines']);
    outlet.accept();
    expect(Buffer.byteLength(outlet.writes[1])).toBe(1024 * 1024);
    expect(outlet.writes[1].startsWith('0...')).toBe(true);
    writer.line(line);
    outlet.acceptAll();
    expect(events).toEqual(['6 lines']);
  });

  test('count in bytes', () => {
    writer.line('first');
    writer.line('é'.repeat(600 * 1024));
    outlet.accept();
    expect(events).toEqual(['1 lines']);
  });

  test('a line that tells of dropped lines goes after those that waited', () => {
    writer.listen({ linesDropped: (count) => writer.line(`${count} dropped`) });
    writer.line('a');
    writer.line('b');
    writer.line('x'.repeat(1024 * 1024));
    outlet.acceptAll();
    expect(outlet.writes).toEqual(['a\n', 'b\n1 dropped\n']);
  });
});

describe('snapshots', () => {
  test('are one write each', () => {
    writer.append(() => 'a\nb\n');
    outlet.accept();
    writer.append(() => 'c\n');
    outlet.accept();
    expect(outlet.writes).toEqual(['a\nb\n', 'c\n']);
  });

  test('the newest alone waits, and the others are never rendered', () => {
    const rendered: number[] = [];
    for (const number of [1, 2, 3, 4]) {
      writer.append(() => {
        rendered.push(number);
        return `${number}\n`;
      });
    }
    expect(events).toEqual([]);
    outlet.acceptAll();
    expect(outlet.writes).toEqual(['1\n', '4\n']);
    expect(rendered).toEqual([1, 4]);
    expect(events).toEqual(['2 snapshots']);
  });

  test('an empty one is no write', () => {
    writer.append(() => '');
    expect(outlet.writes).toEqual([]);
    writer.append(() => 'a\n');
    expect(outlet.writes).toEqual(['a\n']);
  });

  test('a frame is appended where there is no terminal', () => {
    writer.frame(() => 'a\n');
    outlet.accept();
    writer.frame(() => 'b\n');
    expect(outlet.writes).toEqual(['a\n', 'b\n']);
  });
});

describe('faults', () => {
  test('a closed outlet is told', () => {
    writer.append(() => 'a\n');
    outlet.hangUp();
    expect(events).toEqual(['closed']);
  });

  test('a failure that is logged to the writer that failed does not spin', () => {
    writer.listen({ failed: (error) => writer.line(error.message) });
    writer.line('a');
    outlet.fail(new Error('ENOSPC'));
    expect(outlet.writes).toEqual(['a\n']);
    outlet.acceptAll();
    expect(outlet.writes).toEqual(['a\n', 'ENOSPC\n']);
  });
});

describe('drain', () => {
  test('resolves at once where nothing waits', async () => {
    expect(await writer.drain(5000)).toBe(true);
    expect(clock.timers).toBe(0);
  });

  test('resolves when all is written', async () => {
    writer.append(() => 'a\n');
    writer.line('b');
    const drained = writer.drain(5000);
    outlet.acceptAll();
    expect(await drained).toBe(true);
    expect(outlet.writes).toEqual(['a\n', 'b\n']);
    expect(clock.timers).toBe(0);
  });

  test('gives up at the deadline, and tells of what is lost', async () => {
    for (const text of ['a', 'b', 'c']) writer.append(() => text);
    const drained = writer.drain(5000);
    clock.advance(4999);
    expect(events).toEqual([]);
    clock.advance(1);
    expect(await drained).toBe(false);
    expect(events).toEqual(['3 snapshots']);
  });

  test('has no deadline where that is infinite', async () => {
    writer.append(() => 'a\n');
    const drained = writer.drain(Infinity);
    clock.advance(1e9);
    outlet.accept();
    expect(await drained).toBe(true);
  });

  test('does not wait for a full disk', async () => {
    writer.append(() => 'a\n');
    const drained = writer.drain(5000);
    outlet.fail(new Error('ENOSPC'));
    expect(await drained).toBe(false);
    expect(events).toEqual(['failed ENOSPC', '1 snapshots']);
  });

  test('a closed pipe has nothing left to write', async () => {
    writer.append(() => 'a\n');
    const drained = writer.drain(5000);
    outlet.hangUp();
    expect(await drained).toBe(true);
  });
});

test('close lets go of the outlet', () => {
  writer.close();
  expect(outlet.isOpen).toBe(false);
});
