/**
 * The frames of Avro's Netty transport, both ways: `int32 serial`, `int32 count`, then `count` buffers,
 * each an `int32 length` and so many bytes. All are big-endian. The buffers together are the message;
 * where it is cut means nothing, and some are empty.
 */
import { MalformedError } from '../malformed.js';
import { MessageMemory } from './message-memory.js';
import { describeOpening, looksLikeTls, OPENING_BYTES } from './opening.js';

export interface Message {
  readonly serial: number;
  /** Memory of its own, though perhaps not all of it. */
  readonly bytes: Uint8Array;
  /** How much of what the {@link Room} gave it still holds. */
  readonly held: number;
}

/** Who says how much may be held in messages that are not complete. */
export interface Room {
  /** Whether so many bytes more may be held now. Where not, it says when to ask again. */
  take(bytes: number): boolean;
  /** The message is complete, and of all that was taken for it so much is still held. */
  complete(held: number): void;
}

const UNLIMITED: Room = { take: () => true, complete: () => {} };

/** The first memory of a message is of the length of the one before, up to this. */
const MOST_GUESSED = 1024 * 1024;
const LEAST_MEMORY = 256;

type State = 'serial' | 'count' | 'length' | 'bytes';

/**
 * Cuts a stream into messages. A chunk is put in with `feed`, and the messages that end within it are
 * taken out with `next`; a chunk may be left half read for as long as one likes.
 */
export class FrameDecoder {
  readonly #maxCall: number;
  readonly #room: Room;
  readonly #memories: MessageMemory;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #state: State = 'serial';
  #number = 0;
  #numberBytes = 0;
  #serial = 0;
  #buffersLeft = 0;
  #bufferLeft = 0;
  #memory: Uint8Array = new Uint8Array(0);
  #length = 0;
  #guess = 0;
  #starved = false;
  /** The first bytes of the connection, until its first message is complete. */
  #opening: number[] | undefined = [];

  /** A message has `maxCall` bytes at most. Where `memories` are left out, each has new memory. */
  constructor(maxCall: number, room: Room = UNLIMITED, memories = new MessageMemory()) {
    this.#maxCall = maxCall;
    this.#room = room;
    this.#memories = memories;
  }

  /** The chunk has been read to its end. */
  get hungry(): boolean {
    return this.#at === this.#chunk.length;
  }

  /** The last `next` gave nothing because there was no room to go on in. */
  get starved(): boolean {
    return this.#starved;
  }

  /** A message has begun and is not complete. */
  get within(): boolean {
    return this.#state !== 'serial' || this.#numberBytes > 0;
  }

  /** Only when hungry. The chunk must stay as it is until it has been read. */
  feed(chunk: Uint8Array): void {
    this.#chunk = chunk;
    this.#at = 0;
    const opening = this.#opening;
    for (let i = 0; opening && opening.length < OPENING_BYTES && i < chunk.length; i++) {
      opening.push(chunk[i]);
    }
  }

  /**
   * The next message, or undefined where more has to come first, or room. Throws `MalformedError` as
   * soon as there is a number that cannot be; then there is nothing more to be had.
   */
  next(): Message | undefined {
    this.#starved = false;
    for (;;) {
      if (this.#state === 'bytes') {
        if (!this.#copy()) return undefined;
      } else if (!this.#readNumber()) {
        return undefined;
      } else {
        this.#turn(this.#number);
      }
      if (this.#state === 'bytes' && this.#bufferLeft === 0) {
        if (this.#buffersLeft === 0) return this.#complete();
        this.#state = 'length';
      }
    }
  }

  /** What the number that was just read says. */
  #turn(number: number): void {
    switch (this.#state) {
      case 'serial':
        this.#serial = number;
        this.#state = 'count';
        return;
      case 'count':
        if (number < 0 || number > this.#maxCall / 4 + 16 || looksLikeTls(this.#opening)) {
          throw this.#malformed('this does not look like Avro');
        }
        this.#buffersLeft = number;
        this.#bufferLeft = 0;
        this.#state = number === 0 ? 'bytes' : 'length';
        return;
      case 'length':
        if (number < 0) throw this.#malformed('this does not look like Avro');
        if (this.#length + number > this.#maxCall) {
          throw this.#malformed(`a message has more than ${this.#maxCall} bytes`);
        }
        this.#buffersLeft -= 1;
        this.#bufferLeft = number;
        this.#state = 'bytes';
        return;
      case 'bytes':
    }
  }

  #readNumber(): boolean {
    const chunk = this.#chunk;
    while (this.#numberBytes < 4) {
      if (this.#at === chunk.length) return false;
      this.#number = (this.#number << 8) | chunk[this.#at++];
      this.#numberBytes += 1;
    }
    this.#numberBytes = 0;
    return true;
  }

  /** Copies what the chunk has of the buffer; whether that is all of it. */
  #copy(): boolean {
    const length = Math.min(this.#bufferLeft, this.#chunk.length - this.#at);
    if (length === 0) return this.#bufferLeft === 0;
    if (!this.#grow(this.#length + length)) return false;
    const end = this.#at + length;
    this.#memory.set(this.#chunk.subarray(this.#at, end), this.#length);
    this.#at = end;
    this.#length += length;
    this.#bufferLeft -= length;
    return this.#bufferLeft === 0;
  }

  /**
   * It at least doubles, so that a long message is not copied again and again; but it never follows
   * what a length says, only what came.
   */
  #grow(length: number): boolean {
    const had = this.#memory.length;
    if (length <= had) return true;
    const wanted = Math.max(length, had === 0 ? this.#guess : 2 * had, LEAST_MEMORY);
    const size = Math.max(length, Math.min(wanted, this.#maxCall));
    const memory = this.#memories.take(size);
    if (!this.#room.take(memory.length - had)) {
      this.#memories.give(memory);
      this.#starved = true;
      return false;
    }
    memory.set(this.#memory.subarray(0, this.#length));
    if (had > 0) this.#memories.give(this.#memory);
    this.#memory = memory;
    return true;
  }

  #complete(): Message {
    const length = this.#length;
    const whole = this.#memory;
    const isMostlyEmpty = whole.length > 2 * length;
    const bytes = isMostlyEmpty ? copyOf(whole, length) : whole.subarray(0, length);
    if (isMostlyEmpty) this.#memories.give(whole);
    const held = bytes.buffer.byteLength;
    this.#room.complete(held);
    this.#memory = new Uint8Array(0);
    this.#length = 0;
    this.#guess = Math.min(MOST_GUESSED, length + (length >>> 3));
    this.#state = 'serial';
    this.#opening = undefined;
    return { serial: this.#serial, bytes, held };
  }

  #malformed(what: string): MalformedError {
    return new MalformedError(describeOpening(this.#opening) ?? what);
  }
}

function copyOf(bytes: Uint8Array, length: number): Uint8Array {
  const copy = Buffer.allocUnsafeSlow(length);
  copy.set(bytes.subarray(0, length));
  return copy;
}
