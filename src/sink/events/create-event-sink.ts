/** Makes the event sink that the configuration asks for, and loads what that takes. */
import type { Clock } from '../../core/clock.js';
import type { DeliveryConfig, EventSinkConfig } from '../../core/forward-config.js';
import type { Logger } from '../../core/logger.js';
import type { EventSink } from '../../core/stages.js';
import type { Delivery } from './delivery.js';

interface Around {
  readonly clock: Clock;
  readonly log: Logger;
  /** A longer line is left out; its end does not count. */
  readonly maxLine: number;
}

/** Nothing is connected, listened at or written before it is opened. */
export async function createEventSink(config: EventSinkConfig, around: Around): Promise<EventSink> {
  switch (config.kind) {
    case 'deliver': {
      const { DeliveringSink } = await import('./delivering-sink.js');
      const deliveries = await Promise.all(config.deliveries.map((each) => create(each, around)));
      return new DeliveringSink(config, deliveries, around);
    }
    case 'pull-server':
      return new (await import('./pull-server-sink.js')).PullServerSink(config, around);
  }
}

async function create(config: DeliveryConfig, { clock, log }: Around): Promise<Delivery> {
  switch (config.kind) {
    case 'avro':
      return new (await import('./avro-delivery.js')).AvroDelivery(config, clock);
    case 'logger':
      return new (await import('./logger-delivery.js')).LoggerDelivery(config, log);
    case 'null':
      return new (await import('./null-delivery.js')).NullDelivery(config);
    case 'file-roll':
      return new (await import('./file-roll-delivery.js')).FileRollDelivery(config, { clock, log });
  }
}
