/** Lines as events: each is the body of one, with the headers that its batch says. */
import { type Events, LINE_END, type LineBatch } from '../../core/batch.js';
import { byteArray, keyNumbers, withRoom } from '../../core/growth.js';
import { joined, lengthBytes, writeLength } from './binary-writer.js';
import type { EncodedEvents } from './events.js';
import { NO_HEADERS } from './headers.js';

const FIRST_BYTES = 64 * 1024;
/** Memory beyond this is not kept for the next events. */
const MOST_KEPT = 4 * 1024 * 1024;
/** Up to so many bytes a loop copies faster than a call. */
const SHORT_COPY = 48;

const NOT_EVENTS: Events = { kind: 'same', headers: NO_HEADERS };

/**
 * Gathers lines of batches as the items of an array of events. Its memory is used again.
 *
 * Nothing is made for each line: how many bytes the events take is counted first, the lines are put at
 * the far end of exactly that room in one piece, and each body then moves left to its place.
 */
export class EventWriter {
  #memory: Uint8Array = new Uint8Array(FIRST_BYTES);
  #length = 0;
  #count = 0;
  /** Of the lines at hand: the place after each body, in the batch's bytes. */
  #bodyEnds: Uint32Array = new Uint32Array(64);
  /** Of the lines at hand, as counted last. */
  #lines = 0;
  #encodedLength = 0;

  readonly #longest: number;

  /**
   * `longest`: no line is added that is longer, its end not counted. An event that has headers of its own
   * may be.
   */
  constructor(longest = Number.POSITIVE_INFINITY) {
    this.#longest = longest;
  }

  /** Events that wait to be taken. */
  get count(): number {
    return this.#count;
  }

  /** Bytes that these take. */
  get length(): number {
    return this.#length;
  }

  /**
   * Adds lines from `from` on, a place in the batch's bytes where a line begins, which is that of the
   * event with the number `fromEvent`. Adds `most` at most, and stops before the writer has more than
   * `mostBytes`, or a line that is too long; but the first event that it has is added however many
   * bytes it takes. Says where to go on, and how many were added.
   */
  append(
    batch: LineBatch,
    from: number,
    fromEvent: number,
    most: number,
    mostBytes: number,
  ): { readonly next: number; readonly count: number } {
    const events = batch.events ?? NOT_EVENTS;
    const room = mostBytes - this.#length;
    const next =
      events.kind === 'own'
        ? this.#countOwn(events, from, fromEvent, most, room)
        : this.#countSame(batch.bytes, events.headers.length, from, most, room);
    const count = this.#lines;
    if (count === 0) return { next, count };
    const memory = this.#roomFor(this.#length + this.#encodedLength);
    const end = this.#length + this.#encodedLength;
    // Without the end of the last line, for which there would be no room.
    const raw = batch.bytes.subarray(from, this.#bodyEnds[count - 1]);
    memory.set(raw, end - raw.length);
    if (events.kind === 'own') this.#writeOwn(events, from, fromEvent, end - raw.length - from);
    else this.#writeSame(events.headers, from, end - raw.length - from);
    this.#length = end;
    this.#count += count;
    return { next, count };
  }

  /**
   * Gives what was added; the writer is empty afterwards. It lies in memory of its own: where there is
   * `spare`, that is what it was written to, and the writer goes on with that one.
   */
  take(spare?: Uint8Array): EncodedEvents {
    const added = this.#memory.subarray(0, this.#length);
    const events = { count: this.#count, bytes: spare === undefined ? joined([added]) : added };
    this.#count = 0;
    this.#length = 0;
    if (spare !== undefined) this.#memory = spare;
    else if (this.#memory.length > MOST_KEPT) this.#memory = new Uint8Array(FIRST_BYTES);
    return events;
  }

  /** Finds the lines that are to be added; gives the place after them. */
  #countSame(bytes: Uint8Array, headers: number, from: number, most: number, room: number): number {
    // That of a Buffer takes a fifth of the time that a Uint8Array's takes.
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = from;
    let encoded = 0;
    let lines = 0;
    let ends = this.#bodyEnds;
    while (lines < most && at < bytes.length) {
      const found = buffer.indexOf(LINE_END, at);
      const end = found < 0 ? bytes.length : found;
      const length = headers + lengthBytes(end - at) + end - at;
      if (end - at > this.#longest) break;
      if (encoded + length > room && this.#count + lines > 0) break;
      encoded += length;
      if (lines === ends.length) ends = withRoom(ends, lines + 1, keyNumbers);
      ends[lines++] = end;
      at = end + 1;
    }
    this.#bodyEnds = ends;
    this.#lines = lines;
    this.#encodedLength = encoded;
    return Math.min(at, bytes.length);
  }

  #countOwn(
    events: Extract<Events, { kind: 'own' }>,
    from: number,
    fromEvent: number,
    most: number,
    room: number,
  ): number {
    const last = Math.min(events.ends.length, fromEvent + most);
    const ends = withRoom(this.#bodyEnds, Math.max(0, last - fromEvent), keyNumbers);
    let at = from;
    let headersAt = fromEvent === 0 ? 0 : events.headerEnds[fromEvent - 1];
    let encoded = 0;
    let event = fromEvent;
    for (; event < last; event++) {
      const body = events.ends[event] - 1 - at;
      const length = events.headerEnds[event] - headersAt + lengthBytes(body) + body;
      if (encoded + length > room && this.#count + event - fromEvent > 0) break;
      encoded += length;
      ends[event - fromEvent] = at + body;
      at = events.ends[event];
      headersAt = events.headerEnds[event];
    }
    this.#bodyEnds = ends;
    this.#lines = event - fromEvent;
    this.#encodedLength = encoded;
    return at;
  }

  /** `shift` leads from a place in the batch's bytes to where the same byte lies in the memory. */
  #writeSame(headers: Uint8Array, from: number, shift: number): void {
    const memory = this.#memory;
    const ends = this.#bodyEnds;
    const lines = this.#lines;
    const headersLength = headers.length;
    const first = this.#length;
    let to = first;
    let body = from;
    for (let i = 0; i < lines; i++) {
      // The headers of the first event lie in the same memory, where they are copied from faster.
      if (i > 0 && headersLength > SHORT_COPY) {
        memory.copyWithin(to, first, first + headersLength);
      } else {
        for (let j = 0; j < headersLength; j++) memory[to + j] = headers[j];
      }
      to = writeBody(memory, to + headersLength, body + shift, ends[i] - body);
      body = ends[i] + 1;
    }
  }

  #writeOwn(
    events: Extract<Events, { kind: 'own' }>,
    from: number,
    fromEvent: number,
    shift: number,
  ): void {
    const memory = this.#memory;
    const { headers, headerEnds } = events;
    const ends = this.#bodyEnds;
    let headersAt = fromEvent === 0 ? 0 : headerEnds[fromEvent - 1];
    let to = this.#length;
    let body = from;
    for (let i = 0; i < this.#lines; i++) {
      const headersEnd = headerEnds[fromEvent + i];
      if (headersEnd - headersAt > SHORT_COPY) {
        memory.set(headers.subarray(headersAt, headersEnd), to);
        to += headersEnd - headersAt;
      } else {
        for (let j = headersAt; j < headersEnd; j++) memory[to++] = headers[j];
      }
      headersAt = headersEnd;
      to = writeBody(memory, to, body + shift, ends[i] - body);
      body = ends[i] + 1;
    }
  }

  #roomFor(length: number): Uint8Array {
    this.#memory = withRoom(this.#memory, length, byteArray);
    return this.#memory;
  }
}

/** Writes the length of a body, and moves the body to behind it; gives the place after it. */
function writeBody(memory: Uint8Array, to: number, from: number, length: number): number {
  const at = writeLength(memory, to, length);
  if (length > SHORT_COPY) memory.copyWithin(at, from, from + length);
  else for (let i = 0; i < length; i++) memory[at + i] = memory[from + i];
  return at + length;
}
