/** The segments in the state directory: one is in force, others were, or are damaged. */
import { mkdir } from 'node:fs/promises';
import { messageOf, systemCode } from '../core/errors.js';
import type { Logger } from '../core/logger.js';
import { Segment } from './segment/segment.js';
import {
  keepAside,
  listSegments,
  removeSegment,
  removeUnfinished,
} from './segment/segment-files.js';

/** What a start finds, the latest first, and what of that is to be kept aside. */
export interface FoundSegments {
  readonly segments: readonly number[];
  readonly damaged: readonly number[];
}

interface SegmentsOptions extends FoundSegments {
  readonly directory: string;
  readonly log: Logger;
  /** Makes sure that the directory is ours. Rejects with a `LogwinError` where it is not. */
  readonly lock: () => Promise<void>;
}

export class Segments {
  readonly #options: SegmentsOptions;
  /** Of the latest. */
  #number: number;
  /** Those that go once another one holds everything. */
  readonly #obsolete: number[];
  readonly #damaged: number[];

  constructor(options: SegmentsOptions) {
    const { segments, damaged } = options;
    this.#options = options;
    this.#number = segments[0] ?? 0;
    this.#damaged = [...damaged];
    this.#obsolete = segments.filter((number) => !damaged.includes(number));
  }

  /** The directory may have gone away, with the spool directory or without, and be somebody else's now. */
  async reclaim(): Promise<void> {
    const { directory, lock } = this.#options;
    await makeAgain(directory);
    await lock();
    const [latest = 0] = await listSegments(directory);
    this.#number = Math.max(this.#number, latest);
  }

  /**
   * Resolves to a segment that `fill` has written, and that is in force from here on. Rejects with what
   * the system says; then there is no trace of it.
   */
  async begin(fill: (segment: Segment) => Promise<void>): Promise<Segment> {
    const segment = await Segment.create(this.#options.directory, this.#number + 1);
    try {
      await fill(segment);
      await segment.publish();
    } catch (error) {
      // Whatever closing says: nobody will miss what is in it.
      await segment.close().catch(() => {});
      await segment.remove();
      throw error;
    }
    this.#number = segment.number;
    return segment;
  }

  /** The segment is not written any more; it goes with the next `tidy`. */
  end({ number }: Segment): void {
    this.#obsolete.push(number);
  }

  /** Removes what is not needed, now that another segment holds everything: until then it was all there was. */
  async tidy(): Promise<void> {
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
}

async function makeAgain(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}
