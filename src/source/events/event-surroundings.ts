import type { Clock } from '../../core/clock.js';
import type { FileMemory } from '../../core/journal.js';
import type { Logger } from '../../core/logger.js';
import type { Cutting } from '../lines/cutting.js';
import type { EventUse } from './event-entry.js';

/** What the sources of events are given beside their options. */
export interface EventSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly cutting: Cutting;
  readonly memory: FileMemory;
  readonly use: EventUse;
}
