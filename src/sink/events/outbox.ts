/**
 * Between the channel and the far end: takes batches, and gives chunks of encoded events.
 *
 * It takes a batch only when a chunk is asked for and what it has is not enough, and encodes no further
 * than that chunk. A batch keeps its room in the channel until all of it has arrived, so what is in
 * flight is bounded by the channel, and by the few chunks that are out.
 */
import { type Batch, LINE_END, type LineBatch } from '../../core/batch.js';
import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';
import type { BoundedOutlet } from '../../core/stages.js';
import { EventWriter } from '../../wire/avro/event-writer.js';
import { type Chunk, endOf, split } from './chunk.js';
import { Ledger } from './ledger.js';
import { Linger } from './linger.js';
import { OverlongNotice } from './overlong-notice.js';
import { SpareMemory } from './spare-memory.js';
import { Supply } from './supply.js';

/** Of one chunk, at most; an event that alone is bigger makes a chunk of its own. */
const MOST_BYTES = 8 * 1024 * 1024;

export interface OutboxOptions {
  /**
   * Milliseconds that less than a whole chunk waits for more, from its first event on. It does not where
   * the channel has no room for more: what would come waits for what is here to arrive.
   */
  readonly linger: number;
  readonly clock: Clock;
  readonly log: Logger;
  readonly mostBytes?: number;
  /** A longer line is left out; its end does not count. */
  readonly maxLine: number;
}

export interface OutboxEnds {
  readonly outlet: BoundedOutlet;
  /**
   * Told each batch of which all has arrived, in the order in which they were taken, and how many events
   * that were: lines that are too long are none.
   */
  delivered(batch: Batch, events: number): void;
  /** There may be a chunk now where there was none, or all is done. */
  changed(): void;
  /** The outlet failed, or gave what cannot be sent: a bug. */
  broken(error: unknown): void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #ends: OutboxEnds;
  readonly #ledger: Ledger;
  readonly #notice: OverlongNotice;
  readonly #writer: EventWriter;
  readonly #spare = new SpareMemory();
  readonly #mostBytes: number;
  /** To be given again, oldest first. */
  #returned: Chunk[] = [];
  /** The batch that is being encoded, from this byte and this event on. */
  #batch: LineBatch | undefined;
  #at = 0;
  #event = 0;
  /** The writer takes no more. */
  #isFull = false;
  readonly #linger: Linger;
  /** Events that were encoded, in all. */
  #encoded = 0;
  readonly #supply: Supply;
  #isClosed = false;

  constructor(options: OutboxOptions, ends: OutboxEnds) {
    this.#options = options;
    this.#ends = ends;
    this.#mostBytes = options.mostBytes ?? MOST_BYTES;
    this.#writer = new EventWriter(options.maxLine);
    this.#ledger = new Ledger(ends.delivered);
    this.#notice = new OverlongNotice(options);
    const { linger, clock } = options;
    this.#linger = new Linger({
      linger,
      clock,
      isInVain: () => this.#supply.isExhausted,
      over: () => ends.changed(),
    });
    this.#supply = new Supply({
      outlet: ends.outlet,
      received: (batch) => this.#receive(batch),
      broken: (error) => ends.broken(error),
      waits: () => this.#linger.look(),
    });
  }

  /** The outlet has ended, and all that it gave has arrived. */
  get isDone(): boolean {
    return this.#supply.hasEnded && this.#ledger.delivered === this.#encoded;
  }

  /**
   * The oldest chunk, of at most so many events; undefined where there is none yet, and then `changed`
   * is told when to ask again. What was put back comes first, as it was cut.
   */
  next(most: number): Chunk | undefined {
    const chunk = this.#returned.shift() ?? this.#fresh(most);
    if (chunk === undefined || chunk.events.count <= most) return chunk;
    const [one, other] = split(chunk, most);
    this.#returned.unshift(other);
    return one;
  }

  /** Encodes the next chunk ahead. Whether it is there, and would be given. */
  prepare(most: number): boolean {
    if (this.#isClosed) return false;
    this.#fill(most);
    if (this.#writer.count >= most || this.#isFull) return true;
    if (this.#writer.count > 0 && this.#isAll) return true;
    if (this.#writer.count > 0) this.#linger.begin();
    this.#supply.ask();
    return false;
  }

  /** What is here is not to wait for more. */
  get #isAll(): boolean {
    return this.#linger.isOver || this.#supply.hasEnded || this.#supply.isExhausted;
  }

  /** The far end has all of it; its memory is used again. */
  done(chunk: Chunk): void {
    if (this.#isClosed) return;
    this.#ledger.arrived(chunk.first, endOf(chunk));
    if (chunk.memory) this.#spare.release(chunk.memory);
    this.#supply.refill();
  }

  /** The far end may not have them: they are given again, before all others and in order. */
  putBack(chunks: readonly Chunk[]): void {
    this.#returned = [...this.#returned, ...chunks].sort((one, other) => one.first - other.first);
  }

  /** Tells nothing and takes nothing any more. */
  close(): void {
    this.#isClosed = true;
    this.#linger.end();
    this.#notice.flush();
  }

  #fresh(most: number): Chunk | undefined {
    if (!this.prepare(most)) return undefined;
    const events = this.#writer.take(this.#spare.acquire());
    const memory = new Uint8Array(events.bytes.buffer);
    const chunk = { events, first: this.#encoded - events.count, memory };
    this.#isFull = false;
    this.#linger.end();
    return chunk;
  }

  /** Encodes what is there of the batch, up to a chunk. */
  #fill(most: number): void {
    while (this.#batch !== undefined && this.#writer.count < most && !this.#isFull)
      this.#encode(this.#batch, most);
  }

  #encode(batch: LineBatch, most: number): void {
    const left = most - this.#writer.count;
    const { next, count } = this.#writer.append(
      batch,
      this.#at,
      this.#event,
      left,
      this.#mostBytes,
    );
    this.#at = next;
    this.#event += count;
    this.#encoded += count;
    if (count < left && this.#at < batch.bytes.length) {
      const isLong = this.#skipOverlong(batch);
      // If not, what stopped it was the bytes of the chunk.
      this.#isFull = !isLong;
    }
    if (this.#at < batch.bytes.length) return;
    this.#batch = undefined;
    this.#ledger.add(batch, this.#encoded);
  }

  /** Leaves out the line that is next, if it is too long. */
  #skipOverlong({ bytes, origin, start, events }: LineBatch): boolean {
    if (events?.kind === 'own') return false;
    const at = this.#at;
    const end = bytes.indexOf(LINE_END, at) + 1 || bytes.length + 1;
    if (end - 1 - at <= this.#options.maxLine) return false;
    this.#at = Math.min(end, bytes.length);
    this.#event += 1;
    this.#notice.look({ kind: 'too-long', origin, start: start + at, end: start + this.#at });
    return true;
  }

  #receive(batch: Batch | undefined): void {
    if (this.#isClosed) return;
    switch (batch?.kind) {
      case undefined:
        break;
      case 'lines':
        this.#batch = batch;
        this.#at = 0;
        this.#event = 0;
        break;
      case 'too-long':
        this.#notice.look(batch);
        this.#ledger.add(batch, this.#encoded);
        break;
      case 'range':
        throw new Error('A range of a file came to an event sink, which cannot read it.');
    }
    this.#ends.changed();
  }
}
