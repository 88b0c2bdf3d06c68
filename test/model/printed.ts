/** Standard output of the runs: the newest snapshot. */
import type { Outlet } from '../../src/core/output/outlet.js';
import { countsOf, snapshotsIn } from '../support/read-back.js';
import type { Counts } from './ledger.js';

export class Printed implements Outlet {
  readonly terminal = undefined;
  latest: Counts = { counts: new Map(), rejected: 0 };
  readonly #onCounts: (counts: Counts) => void;

  constructor(onCounts: (counts: Counts) => void) {
    this.#onCounts = onCounts;
  }

  listen(): void {}

  write(bytes: Uint8Array, done: () => void): void {
    for (const snapshot of snapshotsIn(Buffer.from(bytes).toString())) {
      this.latest = { counts: countsOf(snapshot), rejected: snapshot.rejected };
      this.#onCounts(this.latest);
    }
    done();
  }

  close(): void {}
}
