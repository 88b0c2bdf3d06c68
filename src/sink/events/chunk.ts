/** Events on their way to the far end: what is sent, acknowledged and, where need be, sent again at once. */
import { type EncodedEvents, EventCursor } from '../../wire/avro/events.js';

export interface Chunk {
  readonly events: EncodedEvents;
  /** How many events of this run came before its first one. */
  readonly first: number;
  /** What they lie in, which may be used again when they have arrived; undefined where others lie there too. */
  readonly memory: Uint8Array | undefined;
}

/** The number of the event after its last one. */
export function endOf({ events, first }: Chunk): number {
  return first + events.count;
}

/** The first `count` events, and the others; there must be more than so many. They share its memory. */
export function split({ events, first }: Chunk, count: number): readonly [Chunk, Chunk] {
  const { bytes } = events;
  const end = placeAfter(events, count);
  const one = { count, bytes: bytes.subarray(0, end) };
  const other = { count: events.count - count, bytes: bytes.subarray(end) };
  return [
    { events: one, first, memory: undefined },
    { events: other, first: first + count, memory: undefined },
  ];
}

/** Where the event with this index begins. */
function placeAfter(events: EncodedEvents, count: number): number {
  const cursor = new EventCursor(events);
  for (let left = count; left > 0 && cursor.next(); ) left -= 1;
  return cursor.bodyEnd;
}
