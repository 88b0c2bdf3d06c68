/**
 * Writes the records into the segment in force, and begins another where that has grown or cannot be
 * written any more. One write is under way at a time.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Origin } from '../core/batch.js';
import type { Clock, Timer } from '../core/clock.js';
import { LogwinError, messageOf, systemCode, systemError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Coverage, Recorder } from './recorder.js';
import type { Segment } from './segment/segment.js';
import type { Segments } from './segments.js';

/** A segment is replaced when it has grown by this, in bytes, and by so many times of what it began with. */
const GROWTH = 4 * 1024 * 1024;
const GROWTH_TIMES = 3;
/** More than this is not kept for a disk that is slow, in bytes: everything is restated then. */
const MOST_WAITING = 16 * 1024 * 1024;
/** Records are written when so many bytes of them have come together, while everything is restated. */
const PIECE = 1024 * 1024;
/** Milliseconds from one try to the next. */
const RETRY = 1000;

const BROKEN =
  'The journal cannot be written; counting goes on, but no file is retired until it can.';

interface JournalFileOptions {
  /** For messages. */
  readonly directory: string;
  readonly recorder: Recorder;
  readonly segments: Segments;
  readonly clock: Clock;
  readonly log: Logger;
}

export class JournalFile {
  readonly #options: JournalFileOptions;
  #segment: Segment | undefined;
  /** How long the segment was when everything was restated. */
  #restated = 0;
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();
  /** Until it fires nothing is tried. */
  #retry: Timer | undefined;
  #isBroken = false;

  constructor(options: JournalFileOptions) {
    this.#options = options;
  }

  /** Resolves when what was recorded until now is written, or cannot be. Rejects for a bug. */
  write(): Promise<void> {
    const { recorder } = this.#options;
    if (!this.#isWriting) this.#written = this.#writeAll();
    else if (recorder.waiting > MOST_WAITING) recorder.stop();
    return this.#written;
  }

  /** The same for the last time, also where it failed a moment ago. Resolves to whether it could. */
  async close(): Promise<boolean> {
    await this.#written;
    this.#endRetry();
    await this.write();
    this.#endRetry();
    await this.#segment?.close();
    return this.#segment !== undefined;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#isDue()) await this.#writeSome();
    } finally {
      this.#isWriting = false;
    }
  }

  #isDue(): boolean {
    const { recorder } = this.#options;
    if (this.#segment === undefined) return this.#retry === undefined;
    return recorder.waiting > 0 || !recorder.isRecording;
  }

  async #writeSome(): Promise<void> {
    const segment = this.#segment;
    try {
      if (segment === undefined || this.#isOverdue(segment)) await this.#renew();
      else await this.#append(segment);
      this.#sayBack();
    } catch (error) {
      if (systemCode(error) === undefined && !(error instanceof LogwinError)) throw error;
      await this.#giveUp(error);
    }
  }

  #isOverdue({ length }: Segment): boolean {
    return (
      length > GROWTH + (1 + GROWTH_TIMES) * this.#restated || !this.#options.recorder.isRecording
    );
  }

  async #append(segment: Segment): Promise<void> {
    const { recorder } = this.#options;
    const { bytes, covered } = recorder.take();
    try {
      await segment.append(bytes);
      await segment.sync();
    } catch (error) {
      recorder.abandon(covered);
      throw error;
    }
    acknowledge(covered);
  }

  /** Begins another segment, which needs none of those before it. */
  async #renew(): Promise<void> {
    const { recorder, segments } = this.#options;
    if (this.#isBroken) await segments.reclaim();
    const covered = new Map<Origin, number>();
    try {
      await this.#replaceBy(await segments.begin((segment) => this.#restate(segment, covered)));
    } catch (error) {
      recorder.abandon(covered);
      throw error;
    }
    acknowledge(covered);
    await segments.tidy();
  }

  /** Has the segment hold everything. Nothing that `covered` is told is durable before it is published. */
  async #restate(segment: Segment, covered: Map<Origin, number>): Promise<void> {
    const { recorder } = this.#options;
    const append = async (): Promise<void> => {
      const records = recorder.take();
      for (const [origin, end] of records.covered) covered.set(origin, end);
      await segment.append(records.bytes);
    };
    for (const _ of recorder.restate()) {
      if (recorder.waiting >= PIECE) await append();
      await nextTurn();
    }
    if (!recorder.isRecording) throw systemError('EBUSY', 'the disk is slower than lines come');
    recorder.conclude();
    await append();
  }

  async #replaceBy(segment: Segment): Promise<void> {
    const before = this.#segment;
    this.#segment = segment;
    this.#restated = segment.length;
    if (before === undefined) return;
    this.#options.segments.end(before);
    await before.close();
  }

  async #giveUp(error: unknown): Promise<void> {
    const { directory, segments, clock, log } = this.#options;
    const segment = this.#segment;
    this.#segment = undefined;
    this.#retry = clock.after(RETRY, () => {
      this.#retry = undefined;
      void this.write();
    });
    if (segment !== undefined) {
      segments.end(segment);
      // Whatever closing says: its sync has failed, and it is not written to again.
      await segment.close().catch(() => {});
    }
    if (this.#isBroken) return;
    this.#isBroken = true;
    log.error(BROKEN, { directory, reason: messageOf(error) });
  }

  #endRetry(): void {
    this.#retry?.cancel();
    this.#retry = undefined;
  }

  #sayBack(): void {
    if (!this.#isBroken) return;
    this.#isBroken = false;
    this.#options.log.info('The journal is written again.', { directory: this.#options.directory });
  }
}

function acknowledge(covered: Coverage): void {
  for (const [origin, end] of covered) origin.acknowledged(end);
}
