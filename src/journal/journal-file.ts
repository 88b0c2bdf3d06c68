/**
 * Writes the records into the segment in force, and begins another where that has grown or cannot be
 * written any more. One write is under way at a time.
 */
import { mkdir } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Origin } from '../core/batch.js';
import type { Clock, Timer } from '../core/clock.js';
import { LogwinError, messageOf, systemCode, systemError } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import type { Coverage, Recorder } from './recorder.js';
import { Segment } from './segment/segment.js';
import {
  keepAside,
  listSegments,
  removeSegment,
  removeUnfinished,
} from './segment/segment-files.js';

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
  readonly directory: string;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly log: Logger;
  /** Makes sure that the directory is ours. Rejects with a `LogwinError` where it is not. */
  readonly lock: () => Promise<void>;
  /** The segments that are there, the latest first, and those to be kept aside. */
  readonly segments: readonly number[];
  readonly damaged: readonly number[];
}

export class JournalFile {
  readonly #options: JournalFileOptions;
  #segment: Segment | undefined;
  #number: number;
  /** How long the segment was when everything was restated. */
  #restated = 0;
  /** Segments that go once another one holds everything. */
  readonly #obsolete: number[];
  readonly #damaged: number[];
  #isWriting = false;
  #written: Promise<void> = Promise.resolve();
  /** Until it fires nothing is tried. */
  #retry: Timer | undefined;
  #isBroken = false;

  constructor(options: JournalFileOptions) {
    this.#options = options;
    this.#number = options.segments[0] ?? 0;
    this.#damaged = [...options.damaged];
    this.#obsolete = options.segments.filter((number) => !options.damaged.includes(number));
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
    const { recorder } = this.#options;
    if (this.#isBroken) await this.#reclaim();
    const covered = new Map<Origin, number>();
    const number = this.#number + 1;
    try {
      await this.#replaceBy(await this.#newSegment(number, covered));
    } catch (error) {
      recorder.abandon(covered);
      throw error;
    }
    acknowledge(covered);
    await this.#tidy();
  }

  /** The directory may have gone away, with the spool directory or without, and be somebody else's now. */
  async #reclaim(): Promise<void> {
    const { directory, lock } = this.#options;
    await makeAgain(directory);
    await lock();
    const [latest = 0] = await listSegments(directory);
    this.#number = Math.max(this.#number, latest);
  }

  /** Resolves to a segment that holds everything, and has told `covered` how far that is. */
  async #newSegment(number: number, covered: Map<Origin, number>): Promise<Segment> {
    const { directory } = this.#options;
    const segment = await Segment.create(directory, number);
    try {
      await this.#restate(segment, covered);
      await segment.publish();
      return segment;
    } catch (error) {
      // Whatever closing says: nobody will miss what is in it.
      await segment.close().catch(() => {});
      await segment.remove();
      throw error;
    }
  }

  /** Nothing that was covered on the way is durable before the end of it is. */
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
    if (before !== undefined) this.#obsolete.push(before.number);
    this.#segment = segment;
    this.#number = segment.number;
    this.#restated = segment.length;
    await before?.close();
  }

  /** Only now, for until now they were all that there was. */
  async #tidy(): Promise<void> {
    const { directory, log } = this.#options;
    const damaged = this.#damaged.splice(0);
    const obsolete = this.#obsolete.splice(0);
    try {
      for (const number of damaged) {
        log.warn('The damaged segment is kept.', { file: await keepAside(directory, number) });
      }
      for (const number of obsolete) await removeSegment(directory, number);
      await removeUnfinished(directory);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      const message = 'A segment of the journal that is not needed any more cannot be removed.';
      log.warn(message, { directory, reason: messageOf(error) });
    }
  }

  async #giveUp(error: unknown): Promise<void> {
    const { directory, clock, log } = this.#options;
    const segment = this.#segment;
    this.#segment = undefined;
    this.#retry = clock.after(RETRY, () => {
      this.#retry = undefined;
      void this.write();
    });
    if (segment !== undefined) {
      this.#obsolete.push(segment.number);
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

async function makeAgain(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
