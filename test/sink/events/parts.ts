/** What the tests of the event sinks are made of. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Events, LineBatch, Origin } from '../../../src/core/batch.js';
import type { DeliveringSinkConfig } from '../../../src/core/forward-config.js';
import type { BoundedOutlet } from '../../../src/core/stages.js';
import type { Delivery } from '../../../src/sink/events/delivery.js';
import { EventWriter } from '../../../src/wire/avro/event-writer.js';
import { type EncodedEvents, EventCursor } from '../../../src/wire/avro/events.js';
import { encodeHeaders } from '../../../src/wire/avro/headers.js';
import { ConnectionError } from '../../../src/wire/connection-error.js';

export const origin: Origin = {
  name: 'a.log',
  added: () => {},
  acknowledged: () => {},
  memo: () => undefined,
};

/** Lines that all have the same headers. */
export function linesOf(
  bodies: readonly string[],
  { headers = {}, lastLineEnd = true }: { headers?: object; lastLineEnd?: boolean } = {},
): LineBatch {
  const bytes = Buffer.from(bodies.join('\n') + (lastLineEnd ? '\n' : ''));
  const events: Events = {
    kind: 'same',
    headers: encodeHeaders(new Map(Object.entries(headers))),
  };
  return { kind: 'lines', origin, start: 0, end: bytes.length, bytes, events };
}

/** Events with headers of their own, whose bodies may hold line ends. */
export function eventsOf(bodies: readonly string[]): LineBatch {
  const parts = bodies.map((body) => Buffer.from(`${body}\n`));
  const headers = bodies.map((_, at) => encodeHeaders(new Map([['n', String(at)]])));
  const bytes = Buffer.concat(parts);
  const events: Events = {
    kind: 'own',
    ends: endsOf(parts),
    headers: Buffer.concat(headers),
    headerEnds: endsOf(headers),
  };
  return { kind: 'lines', origin, start: 0, end: bytes.length, bytes, events };
}

export const tooLong: Batch = { kind: 'too-long', origin, start: 100, end: 1_000_100 };

export function encoded(bodies: readonly string[], headers: object = {}): EncodedEvents {
  const writer = new EventWriter();
  writer.append(linesOf(bodies, { headers }), 0, 0, Number.MAX_SAFE_INTEGER, 2 ** 30);
  return writer.take();
}

export function bodiesOf(events: EncodedEvents): string[] {
  const bytes = Buffer.from(events.bytes);
  const cursor = new EventCursor(events);
  const bodies: string[] = [];
  while (cursor.next()) bodies.push(bytes.toString('utf8', cursor.bodyStart, cursor.bodyEnd));
  return bodies;
}

/** What a channel gives that holds these and is closed. */
export function outletOf(batches: readonly Batch[]): BoundedOutlet {
  const left = [...batches];
  return { take: async () => left.shift(), isFull: false };
}

/** All that can go on without time passing has gone on. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await nextTurn();
}

interface Attempt {
  readonly bodies: readonly string[];
  resolve(): void;
  reject(reason?: Error): void;
}

/** A far end in the test's hands: it decides of each attempt what becomes of it. */
export class ManualDelivery implements Delivery {
  readonly peer: string;
  /** All there were, and those without an end yet. */
  readonly attempts: (readonly string[])[] = [];
  readonly underWay: Attempt[] = [];
  isClosed = false;

  constructor(peer = 'far:1') {
    this.peer = peer;
  }

  async open(): Promise<void> {}

  deliver(events: EncodedEvents): Promise<void> {
    const bodies = bodiesOf(events);
    this.attempts.push(bodies);
    return new Promise((resolve, reject) => {
      const over = (): void => void this.underWay.splice(this.underWay.indexOf(attempt), 1);
      const attempt: Attempt = {
        bodies,
        resolve: () => {
          over();
          resolve();
        },
        reject: (reason = new ConnectionError('refused')) => {
          over();
          reject(reason);
        },
      };
      this.underWay.push(attempt);
    });
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const attempt of [...this.underWay]) attempt.reject(new ConnectionError('closed'));
  }
}

export function sinkConfig(config: Partial<DeliveringSinkConfig> = {}): DeliveringSinkConfig {
  return {
    kind: 'deliver',
    name: 'k1',
    channel: 'c1',
    batch: 2,
    linger: 50,
    inFlight: 1,
    policy: { kind: 'failover', mostPenalty: 30_000 },
    deliveries: [],
    ...config,
  };
}

function endsOf(parts: readonly Uint8Array[]): Uint32Array {
  let end = 0;
  return Uint32Array.from(parts, ({ length }) => {
    end += length;
    return end;
  });
}
