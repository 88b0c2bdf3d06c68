import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { StreamOutlet } from '../../src/core/output/stream-outlet.js';

describe('a stream outlet', () => {
  test('is done when the stream is', () => {
    const events: string[] = [];
    let accept: (() => void) | undefined;
    const stream = new Writable({
      write(chunk, _, done) {
        events.push(`got ${chunk}`);
        accept = done;
      },
    });
    const outlet = new StreamOutlet(stream, undefined);
    const written = new Promise<void>((resolve) => outlet.write(Buffer.from('a'), resolve));
    const told = written.then(() => events.push('done'));
    events.push('waits');
    accept?.();
    return told.then(() => expect(events).toEqual(['got a', 'waits', 'done']));
  });

  test('an error between two writes ends it too', async () => {
    const events: string[] = [];
    const stream = new Writable({ write: (_chunk, _encoding, done) => done() });
    const outlet = new StreamOutlet(stream, undefined);
    const closed = new Promise<void>((resolve) => {
      outlet.listen({ closed: resolve, failed: () => events.push('failed') });
    });
    stream.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await closed;
    outlet.write(Buffer.from('a'), () => events.push('done'));
    expect(events).toEqual(['done']);
  });

  test.each([
    ['EPIPE', ['closed', 'done', 'done']],
    ['ENOSPC', ['failed ENOSPC', 'closed', 'done', 'done']],
  ])('%s', async (code, expected) => {
    const events: string[] = [];
    const stream = new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error(code), { code }));
      },
    });
    const outlet = new StreamOutlet(stream, undefined);
    outlet.listen({
      closed: () => events.push('closed'),
      failed: (error) => events.push(`failed ${error.message}`),
    });
    for (const text of ['a', 'b']) {
      await new Promise<void>((resolve) => outlet.write(Buffer.from(text), resolve));
      events.push('done');
    }
    expect(events).toEqual(expected);
  });
});
