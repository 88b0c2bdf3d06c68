/**
 * A run that forwards: source → channel → sink, without a window. A batch counts as done, and its file
 * may be retired, when every sink that gets it has brought it to the far end.
 */
import type { Batch } from '../core/batch.js';
import type { Clock, Timer } from '../core/clock.js';
import type { Logger } from '../core/logger.js';
import type { Intake, Source } from '../core/stages.js';
import type { Lane } from './lane.js';
import { NO_KEYS, noCounts } from './no-counts.js';
import type { Upstream } from './upstream.js';

/** How long, after the run was asked to end, what is in the channels may take to arrive. Milliseconds. */
const LAST_DELIVERIES = 5000;

/** A source, and where it puts its batches. */
export interface Inlet {
  readonly source: Source;
  readonly intake: Intake;
}

interface ForwardingStages {
  readonly upstream: Upstream;
  readonly inlets: readonly Inlet[];
  readonly lanes: readonly Lane[];
  /** Takes the memory of a batch back that will not arrive any more. */
  readonly discard: (batch: Batch) => void;
  /** How many lines have arrived. */
  readonly arrived: () => number;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ForwardOutcome {
  /** Files that were set aside or could not be read. */
  readonly failed: number;
  /** That arrived. */
  readonly lines: number;
  /** Events that were sent again because no answer came: so many at most have arrived twice. */
  readonly perhapsTwice: number;
}

export class Forwarding {
  readonly #stages: ForwardingStages;
  #isStopped = false;
  #isGivenUp = false;
  #patience: Timer | undefined;
  /** Bytes that were let go undelivered: of files, and of what nobody can read again. */
  #leftInFiles = 0;
  #leftNowhere = 0;

  constructor(stages: ForwardingStages) {
    this.#stages = stages;
  }

  /** As `Counting.open`; the sinks first, for without them nothing need be read. */
  async open(): Promise<void> {
    const { upstream, lanes, clock } = this.#stages;
    try {
      for (const lane of lanes) await lane.open();
      await upstream.open(noCounts(clock), NO_KEYS);
    } catch (error) {
      await this.#closeLanes();
      throw error;
    }
  }

  /** Runs until all sources have ended and all is delivered, or `stop`. Rejects only for a bug. */
  async run(): Promise<ForwardOutcome> {
    const { upstream, lanes } = this.#stages;
    try {
      await Promise.all([this.#read(), ...lanes.map((lane) => this.#deliver(lane))]);
      this.#patience?.cancel();
      if (!this.#isStopped) for (const source of upstream.sources) await source.retire();
      this.#sayLeft();
      const perhapsTwice = lanes.reduce((sum, { unanswered }) => sum + unanswered, 0);
      return { failed: await upstream.close(), lines: this.#stages.arrived(), perhapsTwice };
    } catch (bug) {
      this.stop();
      throw bug;
    } finally {
      await this.#closeLanes();
    }
  }

  /** Asks for the end: what is on its way may still arrive, for a while; then `run` resolves. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    const { upstream, clock } = this.#stages;
    upstream.stop();
    this.#patience = clock.after(LAST_DELIVERIES, () => this.#giveUp());
  }

  async #read(): Promise<void> {
    const { inlets, lanes } = this.#stages;
    await Promise.all(inlets.map(({ source, intake }) => source.run(intake)));
    for (const { channel } of lanes) channel.close();
  }

  async #deliver(lane: Lane): Promise<void> {
    await lane.run();
    if (!this.#isGivenUp) return;
    await lane.empty((batch) => {
      const bytes = batch.end - batch.start;
      if (batch.origin.memo() === undefined) this.#leftNowhere += bytes;
      else this.#leftInFiles += bytes;
      this.#stages.discard(batch);
    });
  }

  #sayLeft(): void {
    const { log } = this.#stages;
    if (this.#leftInFiles > 0) {
      const message = 'The end came before all was delivered; the next run reads it again.';
      log.warn(message, { bytes: this.#leftInFiles });
    }
    if (this.#leftNowhere > 0) {
      const message =
        'The end came before all was delivered; what was received is gone, unless its sender comes again.';
      log.warn(message, { bytes: this.#leftNowhere });
    }
  }

  #giveUp(): void {
    this.#isGivenUp = true;
    for (const lane of this.#stages.lanes) lane.stop();
  }

  async #closeLanes(): Promise<void> {
    await Promise.all(this.#stages.lanes.map((lane) => lane.close()));
  }
}
