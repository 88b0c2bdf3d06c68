/** Options of `forward` that nothing would look at: whoever gives one expects something of it. */
import { LogwinError } from '../../core/errors.js';
import type { EventSinkConfig } from '../../core/forward-config.js';
import type { ForwardFlags } from '../flags.js';

/** How events are pushed. */
const OF_PUSHING = {
  batch: '--batch',
  inFlight: '--in-flight',
  linger: '--linger',
  balance: '--balance',
  timeout: '--timeout',
} as const;

/** `flags` as they were given, without defaults. Throws `LogwinError('usage')`. */
export function refuseUnused(flags: ForwardFlags, sinks: readonly EventSinkConfig[]): void {
  const pushing = sinks.filter((sink) => sink.kind === 'deliver');
  if (pushing.length === 0) {
    for (const [flag, option] of Object.entries(OF_PUSHING)) {
      if (!(flag in flags)) continue;
      const why = 'says how events are pushed, and here they are asked for';
      throw new LogwinError('usage', `${option} ${why}`, 'leave it out');
    }
  } else if (flags.balance !== undefined && pushing.every(isAlone)) {
    const why = '--balance chooses among several hosts, and there is one';
    throw new LogwinError('usage', why, 'leave it out, or write --to avro://HOST:PORT,HOST:PORT');
  }
}

function isAlone({ deliveries }: Extract<EventSinkConfig, { kind: 'deliver' }>): boolean {
  return deliveries.length === 1;
}
