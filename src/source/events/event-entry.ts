/**
 * Where the events of a network source come in: gives them positions, puts them into the channel, and
 * knows when their sender may be told that they are taken.
 *
 * Positions are a running count of bytes. What was withdrawn leaves a gap, so they only ever rise in the
 * order in which batches are put.
 */
import type { Batch, Origin } from '../../core/batch.js';
import type { Ack } from '../../core/config.js';
import type { FileMemory } from '../../core/journal.js';
import type { Intake } from '../../core/stages.js';
import type { ReadOptions, ReceivedEvents } from '../../wire/avro/events.js';
import type { Cutting } from '../lines/cutting.js';
import { type EventPart, eventParts } from './event-parts.js';

/**
 * What is made of the events that come in.
 *
 * - `lines`: they are counted; a body may hold several lines, and the line end that it ends with is none
 *   of its own
 * - `lines with headers`: the same, and their headers are asked for
 * - `events`: they go on as they came
 */
export type EventUse = 'lines' | 'lines with headers' | 'events';

interface EntryOptions {
  /** For messages. */
  readonly name: string;
  readonly ack: Ack;
  readonly use: EventUse;
  readonly cutting: Cutting;
  readonly memory: FileMemory;
}

/** What came with one call. */
export interface Arrival {
  readonly received: ReceivedEvents;
  /** The memory that they lie in may be used again. */
  readonly release: () => void;
  /** Comes when there is nobody left to answer. */
  readonly gone: AbortSignal;
}

interface Lent {
  /** The position after the last batch that lies in it. */
  readonly end: number;
  readonly release: () => void;
}

interface Waiting {
  readonly end: number;
  readonly resume: () => void;
}

export class EventEntry implements Origin {
  readonly name: string;
  /** How what comes in is to be read. */
  readonly reading: ReadOptions;
  readonly #options: EntryOptions;
  #position = 0;
  #acknowledged = 0;
  readonly #waiting = new Set<Waiting>();
  /** Memory that batches lie in which are under way, in their order. */
  readonly #lent = new Set<Lent>();

  constructor(options: EntryOptions) {
    const { name, use } = options;
    this.name = name;
    this.reading = { headers: use !== 'lines', trimLineEnd: use !== 'events' };
    this.#options = options;
  }

  added({ end }: Batch): void {
    for (const lent of this.#lent) {
      if (lent.end > end) return;
      this.#lent.delete(lent);
      lent.release();
    }
  }

  acknowledged(position: number): void {
    this.#acknowledged = Math.max(this.#acknowledged, position);
    for (const waiting of this.#waiting) {
      if (waiting.end > this.#acknowledged) continue;
      this.#waiting.delete(waiting);
      waiting.resume();
    }
  }

  /** After a restart nobody could tell where an event stands. */
  memo(): undefined {
    return undefined;
  }

  /** Has the journal write at once what is added, where somebody will wait for it. */
  begin(): void {
    if (this.#options.ack === 'durable') this.#options.memory.demand(this);
  }

  /**
   * Resolves to true once the sender may be told that all events are taken; to false where `withdrawal`
   * came before there was room for them: then none is.
   */
  async take(
    { received, release, gone }: Arrival,
    intake: Intake,
    withdrawal: AbortSignal,
  ): Promise<boolean> {
    const compacted = compact(received);
    const batches = this.#batchesOf(compacted);
    const last = batches.at(-1);
    // Where the memory is not what came, nobody looks at that any more.
    if (compacted !== received || last === undefined) release();
    if (last === undefined) return true;
    const lent = { end: last.end, release: compacted === received ? release : () => {} };
    this.#lent.add(lent);
    try {
      await intake.put(batches, withdrawal);
    } catch (error) {
      if (!withdrawal.aborted) throw error;
      // Left to the collector: of several channels, one may have it already.
      this.#lent.delete(lent);
      return false;
    }
    if (this.#options.ack === 'channel') return true;
    await this.#untilAcknowledged(last.end, gone);
    return last.end <= this.#acknowledged;
  }

  /** All that came, in its order. */
  #batchesOf(received: ReceivedEvents): Batch[] {
    const { cutting, use } = this.#options;
    const limits = { ...cutting, areWhole: use === 'events' };
    return Array.from(eventParts(received, limits), (part) => this.#batchOf(part));
  }

  #batchOf(part: EventPart): Batch {
    const start = this.#position;
    const length = part.kind === 'lines' ? part.bytes.length : part.length;
    this.#position += length;
    const extent = { origin: this, start, end: this.#position };
    return part.kind === 'lines' ? { ...part, ...extent } : { kind: part.kind, ...extent };
  }

  /** Or until nobody wants to know any more: who comes again is to find a place. */
  #untilAcknowledged(end: number, gone: AbortSignal): Promise<void> {
    if (end <= this.#acknowledged || gone.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = (): void => {
        this.#waiting.delete(waiting);
        gone.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { end, resume: leave };
      this.#waiting.add(waiting);
      gone.addEventListener('abort', leave);
    });
  }
}

/**
 * Bodies are views of what came, and the channel weighs nothing else: where they are the smaller part of
 * it, they must not hold all of it.
 */
function compact(received: ReceivedEvents): ReceivedEvents {
  const { bytes } = received;
  if (2 * bytes.length >= bytes.buffer.byteLength) return received;
  return { ...received, bytes: new Uint8Array(bytes) };
}
