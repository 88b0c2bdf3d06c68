/**
 * What stands between a source and its channels where events are forwarded: gives the events their
 * headers, and puts each batch into every channel.
 */
import type { Batch } from '../core/batch.js';
import type { Clock } from '../core/clock.js';
import type { HeaderRule } from '../core/forward-config.js';
import type { Channel, Intake } from '../core/stages.js';
import { withHeaders } from './header-rules.js';
import { Settlement } from './settlement.js';

interface ProcessorOptions {
  readonly rules: readonly HeaderRule[];
  /** At least one. */
  readonly channels: readonly Pick<Channel, 'put' | 'hasRoomFor'>[];
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
   * What is withdrawn comes again, and a channel that has it already has it twice. So those go first that
   * may keep it waiting.
   */
  async put(given: Batch | readonly Batch[], withdrawal?: AbortSignal): Promise<void> {
    const { rules, channels, settlement, clock } = this.#options;
    const batches = 'kind' in given ? [given] : given;
    const moment = clock.wall();
    const dressed = batches.map((batch) => withHeaders(batch, rules, moment));
    for (const batch of dressed) settlement.enter(batch, this.#course, channels.length);
    const full = channels.filter((channel) => !channel.hasRoomFor(dressed));
    const others = channels.filter((channel) => !full.includes(channel));
    try {
      for (const channel of [...full, ...others]) await channel.put(dressed, withdrawal);
    } catch (reason) {
      for (const batch of dressed) settlement.discard(batch);
      throw reason;
    }
  }
}
