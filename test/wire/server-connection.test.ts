import { describe, expect, it } from 'vitest';
import type { Call } from '../../src/wire/avro/server-connection.js';
import { NULL_RESULT } from '../../src/wire/avro/values.js';
import { MalformedError } from '../../src/wire/malformed.js';
import { FakeClock } from '../support/fake-clock.js';
import { batchOf, call, greeting } from './calls.js';
import { frame, int32, unframe } from './frames.js';
import { acceptingHandler, connected, replay, settled, worksOf } from './server-end.js';

/** A handler that answers when it is told to. */
class Waiting {
  readonly calls: (Call & { answer(result: Uint8Array): void; fail(error: Error): void })[] = [];
  readonly concurrent: number;

  constructor(concurrent = 1) {
    this.concurrent = concurrent;
  }

  handle(made: Call): Promise<Uint8Array> {
    return new Promise((answer, fail) => this.calls.push({ ...made, answer, fail }));
  }
}

function serials(sent: Buffer): number[] {
  return unframe(sent).map(({ serial }) => serial);
}

/** The text of a system error, which an answer without a handshake has after four bytes. */
function errorOf(answer: Buffer, before = 0): string {
  expect([...answer.subarray(before, before + 3)]).toEqual([0, 1, 0]);
  return answer.subarray(before + 4).toString();
}

describe('calls of a connection', () => {
  it('run one at a time, and are answered by their serials', async () => {
    const handler = new Waiting();
    const stream = connected(worksOf(handler));
    await replay(stream, [call(7, 'appendBatch', batchOf(1), greeting()), call(9, 'append')]);
    expect(handler.calls.map(({ message }) => message)).toEqual(['appendBatch']);
    handler.calls[0].answer(Buffer.of(0));
    await settled();
    expect(handler.calls.map(({ message }) => message)).toEqual(['appendBatch', 'append']);
    handler.calls[1].answer(Buffer.of(2));
    await settled();
    expect(serials(stream.sent)).toEqual([7, 9]);
    expect(unframe(stream.sent).map(({ bytes }) => bytes.at(-1))).toEqual([0, 2]);
  });

  it('run several at a time where they may, and are answered in any order', async () => {
    const handler = new Waiting(2);
    const stream = connected(worksOf(handler));
    const three = [call(1, 'append', undefined, greeting()), call(2, 'append'), call(3, 'append')];
    await replay(stream, [Buffer.concat(three)]);
    expect(handler.calls).toHaveLength(2);
    handler.calls[1].answer(Buffer.of(0));
    await settled();
    expect(handler.calls).toHaveLength(3);
    handler.calls[2].answer(Buffer.of(0));
    handler.calls[0].answer(Buffer.of(0));
    await settled();
    expect(serials(stream.sent)).toEqual([2, 3, 1]);
  });

  it('stop the reading while they run: one chunk is kept', async () => {
    const handler = new Waiting();
    const stream = connected(worksOf(handler));
    await replay(stream, [
      call(1, 'append', undefined, greeting()),
      call(2, 'append'),
      call(3, 'append'),
    ]);
    expect(stream.isPaused()).toBe(true);
    expect(stream.readableLength).toBe(call(3, 'append').length);
    for (let i = 0; i < 3; i++) {
      handler.calls[i].answer(Buffer.of(0));
      await settled();
    }
    expect(stream.isPaused()).toBe(false);
    expect(serials(stream.sent)).toEqual([1, 2, 3]);
  });

  it('have parameters that are memory of their own', async () => {
    const handler = new Waiting();
    const stream = connected(worksOf(handler));
    const sent = call(1, 'appendBatch', batchOf(300), greeting());
    await replay(stream, [sent]);
    const copy = Buffer.from(sent);
    handler.calls[0].parameters.fill(0);
    expect(sent.equals(copy)).toBe(true);
  });

  it('that fail are answered with the reason, and the connection goes on', async () => {
    const handler = new Waiting();
    const works = worksOf(handler);
    const stream = connected(works);
    await replay(stream, [call(1, 'append', undefined, greeting()), call(2, 'append')]);
    handler.calls[0].fail(new Error('the disk is full'));
    await settled();
    handler.calls[1].answer(Buffer.of(0));
    await settled();
    const [first, second] = unframe(stream.sent);
    expect(errorOf(first.bytes, 4)).toBe('the disk is full');
    expect([...second.bytes]).toEqual([0, 0, 0]);
  });

  it('that are malformed end the connection with one line in the log', async () => {
    const handler = new Waiting();
    const works = worksOf(handler);
    const stream = connected(works);
    await replay(stream, [call(1, 'append', undefined, greeting())]);
    handler.calls[0].fail(new MalformedError('a length is negative'));
    await settled();
    expect(stream.destroyed).toBe(true);
    const fields = { peer: '192.0.2.1:4444', reason: 'a length is negative' };
    expect(works.log.lines).toEqual([['warn', 'A connection was dropped', fields]]);
  });

  it('of a message that there is not are answered with those that there are', async () => {
    const stream = connected(worksOf(new Waiting()));
    const [answer] = unframe(await replay(stream, [call(1, 'ack', undefined, greeting())]));
    expect(errorOf(answer.bytes, 4)).toMatch(
      /no message ack.*AvroSourceProtocol.*append, appendBatch/,
    );
  });

  it('may give nothing', async () => {
    const handler = new Waiting();
    const stream = connected(worksOf(handler));
    await replay(stream, [call(1, 'append', undefined, greeting())]);
    handler.calls[0].answer(NULL_RESULT);
    await settled();
    expect([...unframe(stream.sent)[0].bytes]).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('a ping', () => {
  it('is answered with the handshake alone, and the connection goes on', async () => {
    const stream = connected(worksOf(acceptingHandler()));
    const sent = [
      call(0, '', undefined, greeting()),
      call(0, ''),
      call(1, 'appendBatch', batchOf(3)),
    ];
    const answers = unframe(await replay(stream, sent));
    expect(answers.map(({ serial, bytes }) => [serial, [...bytes]])).toEqual([
      [0, [0, 0, 0, 0]],
      [0, []],
      [1, [0, 0, 0]],
    ]);
  });
});

describe('the end of a connection', () => {
  it('aborts the calls that run', async () => {
    const handler = new Waiting();
    const stream = connected(worksOf(handler));
    await replay(stream, [call(1, 'append', undefined, greeting())]);
    const { connection, answer } = handler.calls[0];
    expect(connection.aborted).toBe(false);
    stream.destroy();
    await settled();
    expect(connection.aborted).toBe(true);
    answer(Buffer.of(0));
    await settled();
    expect(stream.sent).toHaveLength(0);
  });

  it('is noticed while a call runs, and the answer is still given', async () => {
    const handler = new Waiting();
    const stream = connected(worksOf(handler));
    await replay(stream, [call(1, 'append', undefined, greeting())]);
    stream.push(null);
    await settled();
    expect(handler.calls[0].connection.aborted).toBe(true);
    handler.calls[0].answer(Buffer.of(0));
    await settled();
    expect(serials(stream.sent)).toEqual([1]);
    expect(stream.writableEnded).toBe(true);
  });

  it('gives back the memory of a message that was not complete', async () => {
    const works = worksOf(new Waiting());
    const stream = connected(works);
    await replay(stream, [call(1, 'appendBatch', batchOf(5000), greeting()).subarray(0, 4000)]);
    expect(works.budget.held).toBeGreaterThan(3000);
    stream.destroy();
    await settled();
    expect(works.budget.held).toBe(0);
  });
});

describe('who stands still', () => {
  it('within a message for a minute is dropped', async () => {
    const clock = new FakeClock();
    const works = worksOf(acceptingHandler(), clock);
    const stream = connected(works);
    const sent = call(1, 'appendBatch', batchOf(100), greeting());
    await replay(stream, [sent.subarray(0, 50)]);
    clock.advance(50_000);
    // A byte now and then is no progress.
    await replay(stream, [sent.subarray(50, 60)]);
    clock.advance(9000);
    expect(stream.destroyed).toBe(false);
    clock.advance(2000);
    expect(stream.destroyed).toBe(true);
    expect(works.log.lines).toHaveLength(1);
    expect(works.log.lines[0][2]).toMatchObject({
      reason: expect.stringMatching(/middle of a message/),
    });
  });

  it('is not who takes long for a long message', async () => {
    const clock = new FakeClock();
    const works = worksOf(acceptingHandler(), clock, 900_000);
    const stream = connected(works);
    const sent = call(1, 'appendBatch', batchOf(700_000), greeting());
    for (let at = 0; at < sent.length; at += 66_000) {
      await replay(stream, [sent.subarray(at, at + 66_000)]);
      clock.advance(59_000);
    }
    await settled();
    expect(serials(stream.sent)).toEqual([1]);
  });

  it('between messages may do so for as long as it likes', async () => {
    const clock = new FakeClock();
    const stream = connected(worksOf(acceptingHandler(), clock));
    const sent = call(1, 'appendBatch', batchOf(100), greeting());
    await replay(stream, [sent.subarray(0, 50)]);
    await replay(stream, [sent.subarray(50)]);
    clock.advance(10 * 60_000);
    expect(stream.destroyed).toBe(false);
    expect(clock.timers).toBe(0);
  });

  it('because we do not read is not dropped', async () => {
    const clock = new FakeClock();
    const handler = new Waiting();
    const stream = connected(worksOf(handler, clock));
    const half = call(2, 'append').subarray(0, 10);
    await replay(stream, [call(1, 'append', undefined, greeting()), half]);
    clock.advance(10 * 60_000);
    expect(stream.destroyed).toBe(false);
    handler.calls[0].answer(Buffer.of(0));
    await settled();
    clock.advance(59_000);
    expect(stream.destroyed).toBe(false);
    clock.advance(2000);
    expect(stream.destroyed).toBe(true);
  });

  it('and takes no answers is dropped after a minute', async () => {
    const clock = new FakeClock();
    const works = worksOf(acceptingHandler(), clock);
    const stream = connected(works);
    stream.stall();
    await replay(stream, [call(1, 'appendBatch', batchOf(1), greeting())]);
    clock.advance(59_000);
    expect(stream.destroyed).toBe(false);
    clock.advance(2000);
    expect(stream.destroyed).toBe(true);
    expect(works.log.lines[0][2]).toMatchObject({ reason: expect.stringMatching(/answers/) });
  });

  it('and takes no answers is not read from without end', async () => {
    const handler = acceptingHandler();
    const lines: string[] = [];
    const works = worksOf({
      handle(made) {
        lines.push(made.message);
        return handler.handle(made);
      },
    });
    const stream = connected(works);
    stream.stall();
    const calls = Array.from({ length: 5000 }, (_, i) => call(i, 'appendBatch', batchOf(1)));
    const pieces = [call(0, 'appendBatch', batchOf(1), greeting()), ...calls];
    for (const piece of pieces) stream.push(piece);
    for (let i = 0; i < 50; i++) await settled();
    expect(stream.isPaused()).toBe(true);
    expect(lines.length).toBeLessThan(2000);
  });
});

describe('the memory of all connections', () => {
  it('is bounded, and one after the other comes to its end', async () => {
    const lines: string[] = [];
    const works = worksOf(acceptingHandler(lines), new FakeClock(), 30_000);
    const sent = call(1, 'appendBatch', batchOf(20_000), greeting());
    const streams = Array.from({ length: 6 }, () => connected(works));
    for (const stream of streams) await replay(stream, [sent.subarray(0, 15_000)]);
    expect(works.budget.held).toBeLessThan(30_000 + 40_000);
    expect(streams.filter((stream) => stream.isPaused())).toHaveLength(4);
    // The one that began first is the last that goes on, so that all the others wait for it.
    for (const stream of streams.toReversed()) await replay(stream, [sent.subarray(15_000)]);
    await settled();
    expect(streams.map((stream) => serials(stream.sent))).toEqual(streams.map(() => [1]));
    expect(lines).toHaveLength(6);
    expect(works.budget.held).toBe(0);
  });

  it('may be waited for as long as it takes', async () => {
    const clock = new FakeClock();
    const works = worksOf(acceptingHandler(), clock, 900_000);
    const sent = call(1, 'appendBatch', batchOf(850_000), greeting());
    const [first, second] = [connected(works), connected(works)];
    await replay(first, [sent.subarray(0, 200_000)]);
    await replay(second, [sent.subarray(0, 200), sent.subarray(200)]);
    for (let at = 200_000; at < 794_000; at += 66_000) {
      clock.advance(50_000);
      await replay(first, [sent.subarray(at, at + 66_000)]);
    }
    expect([first.destroyed, second.destroyed]).toEqual([false, false]);
    await replay(first, [sent.subarray(794_000)]);
    expect([serials(first.sent), serials(second.sent)]).toEqual([[1], [1]]);
  });

  it('goes to the next where the one that began first is gone', async () => {
    const works = worksOf(acceptingHandler(), new FakeClock(), 30_000);
    const sent = call(1, 'appendBatch', batchOf(25_000), greeting());
    const [first, second] = [connected(works), connected(works)];
    await replay(first, [sent.subarray(0, 20_000)]);
    await replay(second, [sent]);
    expect(serials(second.sent)).toEqual([]);
    first.destroy();
    await settled();
    expect(serials(second.sent)).toEqual([1]);
  });

  it('of calls that run counts too, and is given back with the answer', async () => {
    const handler = new Waiting();
    const works = worksOf(handler);
    const stream = connected(works);
    await replay(stream, [call(1, 'appendBatch', batchOf(9000), greeting())]);
    expect(works.budget.held).toBeGreaterThan(9000);
    handler.calls[0].answer(Buffer.of(0));
    await settled();
    expect(works.budget.held).toBe(0);
  });
});

describe('what is no call', () => {
  it.each<[string, Uint8Array, RegExp]>([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), /looks like HTTP/],
    ['TLS', Buffer.from('16030100c8010000c40303', 'hex'), /looks like TLS/],
    ['a message without anything', frame(1), /ends before it should/],
    ['a handshake that is cut', frame(1, greeting().subarray(0, 20)), /ends before/],
    ['a count below zero', Buffer.concat([int32(1), int32(-5)]), /does not look like Avro/],
  ])('(%s) ends the connection with one line in the log', async (_, bytes, reason) => {
    const works = worksOf(acceptingHandler());
    const stream = connected(works);
    await replay(stream, [bytes, bytes]);
    expect(stream.destroyed).toBe(true);
    expect(stream.sent).toHaveLength(0);
    expect(works.log.lines).toHaveLength(1);
    const [level, message, fields] = works.log.lines[0];
    expect([level, message]).toEqual(['warn', 'A connection was dropped']);
    expect(fields).toEqual({ peer: '192.0.2.1:4444', reason: expect.stringMatching(reason) });
  });

  it('of one address is told of a few times a minute, and then counted', async () => {
    const clock = new FakeClock();
    const works = worksOf(acceptingHandler(), clock);
    for (let i = 0; i < 100; i++)
      await replay(connected(works), [Buffer.from('GET / HTTP/1.1\r\n')]);
    expect(works.log.lines).toHaveLength(5);
    clock.advance(60_000);
    expect(works.log.lines).toHaveLength(6);
    expect(works.log.lines[5]).toMatchObject([
      'warn',
      'More connections were dropped',
      { peer: '192.0.2.1', more: 95 },
    ]);
    clock.advance(60_000);
    expect(works.log.lines).toHaveLength(6);
    expect(clock.timers).toBe(0);
  });

  it('of many addresses is told of a bounded number of times a minute', () => {
    const clock = new FakeClock();
    const works = worksOf(acceptingHandler(), clock);
    for (let i = 0; i < 10_000; i++) works.notices.dropped(`[2001:db8::${i}]:1`, 'because');
    expect(works.log.lines.length).toBeLessThan(50);
    works.notices.close();
    const more = works.log.lines.reduce((sum, [, , fields]) => sum + Number(fields?.more ?? 1), 0);
    expect(more).toBe(10_000);
  });
});
