/** One batch: asked for, put, and acknowledged, or given back. */
import type { Clock } from '../../core/clock.js';
import type { Logger } from '../../core/logger.js';
import type { Intake } from '../../core/stages.js';
import { RemoteError, type RpcClient } from '../../wire/avro/rpc-client.js';
import { decodeEventBatch, encodeGetEventBatch, encodeSequence } from '../../wire/avro/values.js';
import type { EventEntry } from '../events/event-entry.js';
import { RoomDeadline } from '../events/room-deadline.js';
import { pauseUnless } from './attempts.js';

/** Milliseconds. A SparkSink gives a batch again after 60 s, so it is given back well before. */
const ROOM_TIMEOUT = 30_000;
const ANSWER_TIMEOUT = 20_000;
/** Before the next is asked for, where there was nothing in this one, or no room for it. Milliseconds. */
const IDLE = 200;

/** A batch that went in is acknowledged, where that is soon, also while the run comes to its end. */
const NEVER = new AbortController().signal;

interface Pull {
  readonly client: RpcClient;
  /** Comes when the connection is gone, or the run is to end. */
  readonly gone: AbortSignal;
  readonly entry: EventEntry;
  readonly intake: Intake;
  /** Events at once, at most. */
  readonly most: number;
  /** For messages. */
  readonly from: string;
  readonly clock: Clock;
  readonly log: Logger;
  /** Told when there is a batch that is to be acknowledged or given back. */
  readonly given: () => void;
}

/** Resolves when the batch is acknowledged or given back. Rejects where the far end is not as it should be. */
export async function pullBatch(pull: Pull): Promise<void> {
  const { client, gone, entry, intake, most, clock } = pull;
  const answer = await client.call('getEventBatch', [encodeGetEventBatch(most)], 0);
  const { error, sequence, received } = decodeEventBatch(answer, entry.reading);
  if (error !== '') throw new RemoteError(`the far end says: ${error}`);
  pull.given();
  const isTaken = await new RoomDeadline(clock, ROOM_TIMEOUT).during(gone, (withdrawal) =>
    // What an answer lies in is left to the collector.
    entry.take({ received, release: () => {}, gone: NEVER }, intake, withdrawal),
  );
  if (!isTaken && !gone.aborted) {
    const message = 'A batch is given back until there is room for it in the channel.';
    pull.log.warn(message, { from: pull.from, events: received.count });
  }
  const message = isTaken ? 'ack' : 'nack';
  await client.call(message, [encodeSequence(sequence)], ANSWER_TIMEOUT);
  if (!isTaken || received.count === 0) await pauseUnless(gone, clock, IDLE);
}
