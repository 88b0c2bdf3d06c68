import { describe, expect, it } from 'vitest';
import { createEventSink } from '../../../src/sink/events/create-event-sink.js';
import { LoggerDelivery } from '../../../src/sink/events/logger-delivery.js';
import { FakeClock } from '../../support/fake-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { encoded, linesOf, outletOf, sinkConfig, tooLong } from './parts.js';

describe('the logger', () => {
  it('says what is in each event, as text and in hexadecimal', async () => {
    const log = new RecordedLog();
    const delivery = new LoggerDelivery({ name: 'k1', maxBytes: 5 }, log);
    await delivery.open();
    await delivery.deliver(encoded(['hello world', 'é\t'], { host: 'a', __proto: '"' }));
    await delivery.close();
    const headers = '{"host":"a","__proto":"\\""}';
    expect(log.lines).toEqual([
      ['info', 'Event', { headers, body: 'hello', hex: '68 65 6C 6C 6F', bytes: 11 }],
      ['info', 'Event', { headers, body: 'é\\t', hex: 'C3 A9 09', bytes: 3 }],
    ]);
  });
});

describe('an event sink of the configuration', () => {
  it('delivers to all that it names', async () => {
    const log = new RecordedLog();
    const sink = await createEventSink(
      sinkConfig({
        policy: { kind: 'round-robin', mostPenalty: 0 },
        deliveries: [
          { kind: 'null', name: 'k1' },
          { kind: 'logger', name: 'k2', maxBytes: 16 },
        ],
      }),
      { clock: new FakeClock(), log, maxLine: 1_000_000 },
    );
    await sink.open();
    const batches = [linesOf(['a', 'b', 'c', 'd', 'e']), tooLong];
    const delivered: unknown[] = [];
    await sink.run(outletOf(batches), (batch) => delivered.push(batch));
    await sink.close();
    expect(delivered).toEqual(batches);
    const bodies = log.lines.filter(([, message]) => message === 'Event');
    expect(bodies.map(([, , fields]) => fields?.body)).toEqual(['c', 'd']);
  });
});
