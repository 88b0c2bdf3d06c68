/** One place that events can be taken to. */
import type { EncodedEvents } from '../../wire/avro/events.js';

export interface Delivery {
  /** For messages: where it is, or what. */
  readonly peer: string;
  /** Makes sure that it can be used. Throws a `LogwinError` that says what to do. */
  open(): Promise<void>;
  /**
   * Resolves when the far end has all of these events. Rejects with what `isExpected` where it may not
   * have them: all are to be delivered again then, to this one or another. Anything else is a bug. The
   * memory of the events stays as it is until then.
   */
  deliver(events: EncodedEvents): Promise<void>;
  /** As `EventSink.unanswered`; left out where nothing is ever in doubt. */
  readonly unanswered?: number;
  /** Lets go of everything it holds. What is under way rejects, and nothing is delivered after that. */
  close(): Promise<void>;
}
