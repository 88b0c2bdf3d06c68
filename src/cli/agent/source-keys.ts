/** The keys that every source has. */
import { HONOURED, type KeyTable, refused } from './keys.js';

export const SOURCE_KEYS: KeyTable = {
  type: HONOURED,
  channels: HONOURED,
  interceptors: HONOURED,
  'interceptors.*': HONOURED,
  'selector.type': refused(
    'is not supported',
    'every event goes to all channels here; use replicating, or a source for each channel',
    ['replicating', 'org.apache.flume.channel.replicatingchannelselector'],
  ),
  'selector.*': refused(
    'is not supported',
    'every event goes to all channels, and none of these is optional; take the line out',
  ),
};
