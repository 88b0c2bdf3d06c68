import type { Snapshot } from '../core/snapshot.js';
import type { Sink } from '../core/stages.js';

/** Passes on the first snapshot, and then each whose rows or `(other)` are not those shown last. */
export function onChange(sink: Sink): Sink {
  let shown: Snapshot | undefined;
  return {
    show(snapshot) {
      if (shown !== undefined && isSameTable(shown, snapshot)) return;
      shown = snapshot;
      sink.show(snapshot);
    },
  };
}

function isSameTable(a: Snapshot, b: Snapshot): boolean {
  if (a.other !== b.other || a.rows.length !== b.rows.length) return false;
  return a.rows.every(({ key, count }, index) => {
    const row = b.rows[index];
    return count === row.count && Buffer.compare(key, row.key) === 0;
  });
}
