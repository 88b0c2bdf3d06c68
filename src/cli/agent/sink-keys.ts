/** The keys that every sink has. */
import { HONOURED, type KeyTable } from './keys.js';

export const SINK_KEYS: KeyTable = { type: HONOURED, channel: HONOURED };
