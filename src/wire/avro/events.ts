/**
 * Events as Avro writes them, in an array or alone: `headers` (a map of strings) and `body` (bytes).
 * Flume's `AvroFlumeEvent` and Spark's `SparkSinkEvent` are the same on the wire.
 */
import { type Events, LINE_END } from '../../core/batch.js';
import { keyNumbers, withRoom } from '../../core/growth.js';
import { BinaryReader } from './binary-reader.js';
import { joined } from './binary-writer.js';

export { EventCursor } from './event-cursor.js';
export { EventWriter } from './event-writer.js';

/** The items of an array of events, without the block counts around them. */
export interface EncodedEvents {
  readonly count: number;
  readonly bytes: Uint8Array;
}

export interface ReadOptions {
  /** The headers are asked for. */
  readonly headers?: boolean;
  /** Where a body ends with a line end, that is dropped. */
  readonly trimLineEnd?: boolean;
}

export interface ReceivedEvents {
  readonly count: number;
  /** The bodies, each followed by {@link LINE_END}. */
  readonly bytes: Uint8Array;
  /** Where headers were asked for: always of events that have their `own`. */
  readonly events: Events | undefined;
  /** Place after the array, in what it was read from. */
  readonly next: number;
  /** For each event, the place in `bytes` after its line end. */
  readonly ends: Uint32Array;
}

/** An event has two bytes at least: no headers, and the length of a body that is empty. */
const LEAST_EVENT = 2;
/** Up to so many bytes a loop copies faster than a call. */
const SHORT_COPY = 48;

/**
 * Reads an array of events from `at` on. The bodies are moved together within `bytes`, so what is
 * given is a view of it, and what was there is overwritten. Throws `MalformedError`. What it allocates
 * is a small multiple of what came, whatever the counts say.
 */
export function readEventArray(
  bytes: Uint8Array,
  at: number,
  options: ReadOptions = {},
): ReceivedEvents {
  const reader = new BinaryReader(bytes, at);
  const gathering = new Gathering(reader, options);
  for (let count = reader.block(LEAST_EVENT); count > 0; count = reader.block(LEAST_EVENT)) {
    gathering.read(count);
  }
  return gathering.received();
}

/** Reads one event that stands alone, the same way. */
export function readSingleEvent(
  bytes: Uint8Array,
  at: number,
  options: ReadOptions = {},
): ReceivedEvents {
  const gathering = new Gathering(new BinaryReader(bytes, at), options);
  gathering.read(1);
  return gathering.received();
}

/**
 * Moves bodies to the left as it reads. There is always room for the line end that follows each: at
 * least {@link LEAST_EVENT} bytes that are not of a body go before it.
 */
class Gathering {
  readonly #reader: BinaryReader;
  readonly #options: ReadOptions;
  readonly #start: number;
  #to: number;
  #count = 0;
  #ends: Uint32Array = new Uint32Array(0);
  /** At first a copy of all that is to be read, for within one memory bytes move fastest. */
  #headers: Uint8Array = new Uint8Array(0);
  #headersTo = 0;
  #headerEnds: Uint32Array = new Uint32Array(0);

  constructor(reader: BinaryReader, options: ReadOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#start = reader.at;
    this.#to = reader.at;
    if (options.headers) this.#headers = joined([reader.bytes.subarray(reader.at)]);
  }

  read(count: number): void {
    const reader = this.#reader;
    const { bytes } = reader;
    const trim = this.#options.trimLineEnd === true;
    const headers = this.#options.headers === true;
    const last = this.#count + count;
    this.#ends = withRoom(this.#ends, last, keyNumbers);
    if (headers) this.#headerEnds = withRoom(this.#headerEnds, last, keyNumbers);
    const ends = this.#ends;
    const start = this.#start;
    let to = this.#to;
    for (let i = this.#count; i < last; i++) {
      const from = reader.at;
      // Mostly there are none.
      if (bytes[from] === 0) reader.at = from + 1;
      else reader.skipMap();
      if (headers) this.#keepHeaders(i, from);
      const length = reader.length();
      const body = reader.at;
      reader.at = body + length;
      const trimmed = trim && length > 0 && bytes[body + length - 1] === LINE_END;
      const kept = trimmed ? length - 1 : length;
      move(bytes, to, body, kept);
      to += kept;
      bytes[to++] = LINE_END;
      ends[i] = to - start;
    }
    this.#to = to;
    this.#count = last;
  }

  received(): ReceivedEvents {
    const count = this.#count;
    const ends = this.#ends.subarray(0, count);
    const events: Events | undefined = this.#options.headers
      ? {
          kind: 'own',
          ends,
          headers: joined([this.#headers.subarray(0, this.#headersTo)]),
          headerEnds: this.#headerEnds.subarray(0, count),
        }
      : undefined;
    const bytes = this.#reader.bytes.subarray(this.#start, this.#to);
    return { count, bytes, events, next: this.#reader.at, ends };
  }

  #keepHeaders(event: number, from: number): void {
    const length = this.#reader.at - from;
    move(this.#headers, this.#headersTo, from - this.#start, length);
    this.#headersTo += length;
    this.#headerEnds[event] = this.#headersTo;
  }
}

/** To the left, within the same bytes. */
function move(bytes: Uint8Array, to: number, from: number, length: number): void {
  if (length > SHORT_COPY) bytes.copyWithin(to, from, from + length);
  else for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i];
}
