/**
 * Cuts the events of one call into batches that the parser and the channel can take. They are cut between
 * events; an event whose body is longer than a line may be is cut between its lines where lines are
 * counted, and is a batch of its own where it has to stay whole: it goes on as it came.
 */
import { type Events, LINE_END } from '../../core/batch.js';
import type { ReceivedEvents } from '../../wire/avro/events.js';

/** A batch without its position, which it gets when it is put. */
export type EventPart =
  | { readonly kind: 'lines'; readonly bytes: Uint8Array; readonly events?: Events }
  | { readonly kind: 'too-long'; readonly length: number };

export interface EventLimits {
  /** A longer line is too long, unless events stay whole; the line end does not count. */
  readonly maxLine: number;
  /** What a part holds at most, unless a single line or event is longer. */
  readonly readBytes: number;
  /** Events are to go on as such. */
  readonly areWhole: boolean;
}

/** In the order of the events. The parts are views of what was received. */
export function* eventParts(received: ReceivedEvents, limits: EventLimits): Generator<EventPart> {
  const { count, ends } = received;
  const { maxLine, readBytes, areWhole } = limits;
  let first = 0;
  for (let event = 0; event < count; event += 1) {
    const isLong = !areWhole && ends[event] - startOf(received, event) > maxLine + 1;
    if (!isLong && ends[event] - startOf(received, first) <= readBytes) continue;
    if (event > first) yield someEvents(received, first, event);
    first = event;
    if (!isLong) continue;
    yield* linesOf(received, event, limits);
    first += 1;
  }
  if (first < count) yield someEvents(received, first, count);
}

function startOf({ ends }: ReceivedEvents, event: number): number {
  return event === 0 ? 0 : ends[event - 1];
}

function tooLong(length: number): EventPart {
  return { kind: 'too-long', length };
}

function lines(bytes: Uint8Array, events: Events | undefined): EventPart {
  return { kind: 'lines', bytes, ...(events === undefined ? {} : { events }) };
}

/** The events `[first, next)`. */
function someEvents(received: ReceivedEvents, first: number, next: number): EventPart {
  const { count, bytes, events } = received;
  if (first === 0 && next === count) return lines(bytes, events);
  const start = startOf(received, first);
  const some = bytes.subarray(start, received.ends[next - 1]);
  if (events?.kind !== 'own') return lines(some, events);
  const headersStart = first === 0 ? 0 : events.headerEnds[first - 1];
  return lines(some, {
    kind: 'own',
    ends: events.ends.subarray(first, next).map((end) => end - start),
    headers: events.headers.subarray(headersStart, events.headerEnds[next - 1]),
    headerEnds: events.headerEnds.subarray(first, next).map((end) => end - headersStart),
  });
}

/** The lines of one event; all have its headers. */
function* linesOf(
  received: ReceivedEvents,
  event: number,
  { maxLine, readBytes }: EventLimits,
): Generator<EventPart> {
  const { bytes, ends } = received;
  const headers = headersOf(received, event);
  let first = startOf(received, event);
  let next = first;
  for (let start = first; start < ends[event]; start = next) {
    next = bytes.indexOf(LINE_END, start) + 1;
    const isLong = next - start > maxLine + 1;
    if (!isLong && next - first <= readBytes) continue;
    if (start > first) yield lines(bytes.subarray(first, start), headers);
    first = start;
    if (!isLong) continue;
    yield tooLong(next - start);
    first = next;
  }
  if (first < next) yield lines(bytes.subarray(first, next), headers);
}

function headersOf({ events }: ReceivedEvents, event: number): Events | undefined {
  if (events?.kind !== 'own') return events;
  const start = event === 0 ? 0 : events.headerEnds[event - 1];
  return { kind: 'same', headers: events.headers.subarray(start, events.headerEnds[event]) };
}
