import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { eventually } from '../support/scratch.js';
import { client, serve } from './ends.js';

/** What Linux says of its connections. */
const TABLE = '/proc/net/tcp';
const ESTABLISHED = '01';
/** The timer that a connection has is the one that asks whether the far end is there. */
const ASKS = '02';

/** Of each end of a connection to the port: seconds until the far end is asked whether it is there. */
function untilAsked(port: number): number[] {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync(TABLE, 'latin1')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, remote]) => local?.endsWith(place) || remote?.endsWith(place))
    .filter(([, , , state, , timer]) => state === ESTABLISHED && timer.startsWith(`${ASKS}:`))
    .map(([, , , , , timer]) => Number.parseInt(timer.slice(3), 16) / 100);
}

it.skipIf(!existsSync(TABLE))(
  'both ends ask after a minute of silence whether the other is there (skipped without /proc/net/tcp)',
  async () => {
    const { endpoint } = await serve();
    await client(endpoint);
    const seconds = await eventually(() => {
      const all = untilAsked(endpoint.port);
      return all.length === 2 && all;
    });
    for (const each of seconds) {
      expect(each).toBeGreaterThan(50);
      expect(each).toBeLessThan(61);
    }
  },
);
