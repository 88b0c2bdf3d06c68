/**
 * What stands between a source and its channels where events are forwarded: gives the events their
 * headers, and puts each batch into every channel.
 */
import type { Batch } from '../core/batch.js';
import type { Clock } from '../core/clock.js';
import type { HeaderRule } from '../core/forward-config.js';
import type { Intake } from '../core/stages.js';
import { withHeaders } from './header-rules.js';
import { Settlement } from './settlement.js';

interface ProcessorOptions {
  readonly rules: readonly HeaderRule[];
  /** At least one. */
  readonly channels: readonly Intake[];
  readonly settlement: Settlement;
  readonly clock: Clock;
}

export class ChannelProcessor implements Intake {
  readonly #options: ProcessorOptions;
  readonly #course = Settlement.course();

  constructor(options: ProcessorOptions) {
    this.#options = options;
  }

  /**
   * Once it is in the first channel it is no more withdrawn: the source would send it again, and the
   * first channel would have it twice.
   */
  async put(batch: Batch, withdrawal?: AbortSignal): Promise<void> {
    const { rules, channels, settlement, clock } = this.#options;
    const dressed = withHeaders(batch, rules, clock.wall());
    const [first, ...others] = channels;
    settlement.enter(dressed, this.#course, channels.length);
    try {
      await first.put(dressed, withdrawal);
    } catch (reason) {
      settlement.discard(dressed);
      throw reason;
    }
    await Promise.all(others.map((channel) => channel.put(dressed)));
  }
}
