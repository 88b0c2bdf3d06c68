/** In place of the window where nothing is counted: the journal then keeps positions alone. */
import { OTHER } from '../core/answer.js';
import type { Clock } from '../core/clock.js';
import type { KeyTable } from '../core/keys.js';
import type { Totals } from '../core/snapshot.js';
import type { WindowCounts } from '../core/stages.js';

const NOTHING: Totals = { lines: 0, counted: 0, rejected: 0, reasons: new Map() };

export function noCounts(clock: Clock): WindowCounts {
  const began = clock.wall();
  return {
    changed: 0,
    entries: new Float64Array(),
    cutoff: Number.NEGATIVE_INFINITY,
    takeChange: () => undefined,
    panes: () => [],
    marks: () => ({ moment: clock.wall(), began, entered: 0, totals: NOTHING }),
    resume: () => {},
    restore: () => {},
    snapshot: () => ({
      start: 0,
      end: 0,
      total: 0,
      distinct: 0,
      other: 0,
      rejected: 0,
      rows: [],
      rate: 0,
      totals: NOTHING,
    }),
  };
}

export const NO_KEYS: KeyTable = {
  limit: 0,
  bytesOf: () => new Uint8Array(),
  enroll: () => OTHER,
  entered: () => {},
  left: () => {},
  added: () => {},
};
