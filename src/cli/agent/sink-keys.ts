/** What the keys of all sinks have in common. */
import { HONOURED, type KeyTable } from './keys.js';

/** The keys that every sink has. */
export const SINK_KEYS: KeyTable = { type: HONOURED, channel: HONOURED };

/** As many as Flume keeps in memory with the default heap, and more than anybody uses. */
export const LARGEST_BATCH = 1_000_000;
