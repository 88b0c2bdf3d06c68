/**
 * Where the events of a network source come in: gives them positions, puts them into the channel, and
 * knows when their sender may be told that they are taken.
 *
 * Positions are a running count of bytes. What was withdrawn leaves a gap, so they only ever rise in the
 * order in which batches are put.
 */
import type { Batch, Origin } from '../../core/batch.js';
import type { Ack } from '../../core/config.js';
import { Fifo } from '../../core/fifo.js';
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
}

/** How parts go into the channel. */
interface Passage {
  readonly intake: Intake;
  readonly withdrawal: AbortSignal;
  readonly release: (() => void) | undefined;
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
  readonly #lent = new Fifo<Lent>();
  /** How many takes have batches to put. */
  #putting = 0;
  #tellAllPut: () => void = () => {};
  /** While the later parts of a call are put: what comes then has to wait behind them. */
  #rest: Promise<number | undefined> | undefined;

  constructor(options: EntryOptions) {
    const { name, use } = options;
    this.name = name;
    this.reading = { headers: use !== 'lines', trimLineEnd: use !== 'events' };
    this.#options = options;
  }

  added({ end }: Batch): void {
    for (let next = this.#lent.peek(); next && next.end <= end; next = this.#lent.peek()) {
      this.#lent.shift();
      next.release();
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
   * came before there was room for the first of them: then none is.
   */
  async take(arrival: Arrival, intake: Intake, withdrawal: AbortSignal): Promise<boolean> {
    this.#putting += 1;
    let end: number | undefined;
    try {
      end = await this.#put(arrival, intake, withdrawal);
    } finally {
      this.#putting -= 1;
      if (this.#putting === 0) this.#tellAllPut();
    }
    if (end === undefined) return false;
    if (this.#options.ack === 'durable') await this.#untilAcknowledged(end);
    return true;
  }

  /** Resolves when no batch waits to be put. */
  async allPut(): Promise<void> {
    if (this.#putting === 0) return;
    await new Promise<void>((resolve) => {
      this.#tellAllPut = resolve;
    });
  }

  /**
   * Once a part is in the channel, the others follow it whatever comes: half a call cannot be refused.
   * Resolves to the position after the last of them, or to undefined where none is in.
   */
  async #put(
    { received, release }: Arrival,
    intake: Intake,
    withdrawal: AbortSignal,
  ): Promise<number | undefined> {
    while (this.#rest !== undefined) {
      await Promise.race([this.#rest, whenAborted(withdrawal)]);
      if (withdrawal.aborted) return undefined;
    }
    const { cutting, use } = this.#options;
    const limits = { ...cutting, areWhole: use === 'events' };
    const compacted = compact(received);
    if (compacted !== received) release();
    const parts = [...eventParts(compacted, limits)];
    const passage = { intake, withdrawal, release: compacted === received ? release : undefined };
    if (parts.length < 2) return this.#putParts(parts, passage);
    this.#rest = this.#putParts(parts, passage).finally(() => {
      this.#rest = undefined;
    });
    return this.#rest;
  }

  async #putParts(
    parts: readonly EventPart[],
    { intake, withdrawal, release }: Passage,
  ): Promise<number | undefined> {
    let end = 0;
    for (const [index, part] of parts.entries()) {
      const batch = this.#batchOf(part);
      // Said before it is put: by then it may be added already.
      if (index === parts.length - 1 && release) this.#lent.push({ end: batch.end, release });
      if (end > 0) await intake.put(batch);
      else if (!(await wentIn(intake.put(batch, withdrawal), withdrawal))) return undefined;
      end = batch.end;
    }
    return end;
  }

  #batchOf(part: EventPart): Batch {
    const start = this.#position;
    const length = part.kind === 'lines' ? part.bytes.length : part.length;
    this.#position += length;
    const extent = { origin: this, start, end: this.#position };
    return part.kind === 'lines' ? { ...part, ...extent } : { kind: part.kind, ...extent };
  }

  #untilAcknowledged(end: number): Promise<void> {
    if (end <= this.#acknowledged) return Promise.resolve();
    return new Promise((resume) => {
      this.#waiting.add({ end, resume });
    });
  }
}

function whenAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function wentIn(put: Promise<void>, withdrawal: AbortSignal): Promise<boolean> {
  try {
    await put;
    return true;
  } catch (error) {
    if (!withdrawal.aborted) throw error;
    return false;
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
