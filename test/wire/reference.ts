/** Events as the library writes and reads them: what our own code is compared with. */
import avro from 'avsc';
import fc from 'fast-check';

export interface PlainEvent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const EVENT = {
  type: 'record',
  name: 'AvroFlumeEvent',
  fields: [
    { name: 'headers', type: { type: 'map', values: 'string' } },
    { name: 'body', type: 'bytes' },
  ],
} as const;

export const eventType = avro.Type.forSchema(EVENT as unknown as avro.Schema);
export const eventsType = avro.Type.forSchema({
  type: 'array',
  items: EVENT,
} as unknown as avro.Schema);

/** Short and long, with line ends within. */
const body = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(0x61, 0x0a, 0x0d, 0, 0xff), { maxLength: 8 }),
    },
    { weight: 1, arbitrary: fc.nat({ max: 300 }).map((length) => Array(length).fill(0x62)) },
  )
  .map((bytes) => Buffer.from(bytes as number[]));

const text = fc.oneof(fc.string({ maxLength: 5 }), fc.string({ minLength: 60, maxLength: 90 }));
const headers = fc.dictionary(text, text, { maxKeys: 3, noNullPrototype: true });

export const event: fc.Arbitrary<PlainEvent> = fc.record({ headers, body });

/** Events as an array of several blocks, some of which say their size. */
export function inBlocks(events: readonly PlainEvent[], sizes: readonly number[]): Buffer {
  const long = avro.Type.forSchema('long');
  const parts: Buffer[] = [];
  let from = 0;
  for (let i = 0; from < events.length; i++) {
    const size = sizes[i % sizes.length];
    const block = events.slice(from, from + Math.abs(size));
    const items = Buffer.concat(block.map((one) => eventType.toBuffer(one)));
    if (size > 0) parts.push(long.toBuffer(block.length), items);
    else parts.push(long.toBuffer(-block.length), long.toBuffer(items.length), items);
    from += block.length;
  }
  return Buffer.concat([...parts, Buffer.of(0)]);
}
