import type { PaneCounts } from '../../src/core/panes.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { SlidingWindow, type SlidingWindowOptions } from '../../src/window/sliding-window.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';
import { CheckedKeys, type Line } from './checked-keys.js';

export const EPOCH = 1_800_000_000_000;

/** A window of 3 s that slides by 1 s, from 300 ms after a boundary on, unless told otherwise. */
export class Fixture {
  readonly clock: FakeClock;
  readonly keys = new CheckedKeys();
  readonly log = new RecordedLog();
  readonly snapshots: Snapshot[] = [];
  readonly window: SlidingWindow;

  constructor(options: Partial<SlidingWindowOptions> = {}, clock = new FakeClock(EPOCH + 300)) {
    this.clock = clock;
    const { keys, log } = this;
    const onSnapshot = (snapshot: Snapshot) => this.snapshots.push(snapshot);
    const numbers = { window: 3000, slide: 1000, top: 10, maxCells: 1000 };
    this.window = new SlidingWindow({ ...numbers, clock, keys, log, onSnapshot, ...options });
  }

  add(...lines: readonly (string | Line)[]): void {
    const all = lines.map((line) => (typeof line === 'string' ? { key: line } : line));
    this.window.add(this.keys.parse(all));
  }

  /** Adds panes of another window that has other numbers for the same keys. */
  restore(from: Fixture, panes: readonly PaneCounts[]): void {
    for (const pane of panes) {
      const cells = pane.cells.map((value, i) => {
        return i % 2 === 0 ? this.keys.enroll(from.keys.bytesOf(value)) : value;
      });
      const keys = pane.cells.filter((_, i) => i % 2 === 0);
      const entries = Float64Array.from(keys, (key) => from.window.entries[key]);
      this.window.restore({ ...pane, cells }, entries);
    }
  }

  get last(): Snapshot {
    const last = this.snapshots.at(-1);
    if (last === undefined) throw new Error('there is no snapshot');
    return last;
  }
}

export function started(options: Partial<SlidingWindowOptions> = {}): Fixture {
  const fixture = new Fixture(options);
  fixture.window.start();
  return fixture;
}

/** Another window that goes on from all that is in this one, as after a restart. */
export function restarted(from: Fixture, options: Partial<SlidingWindowOptions> = {}): Fixture {
  from.window.stop();
  const next = new Fixture(options, from.clock);
  // So that its numbers are others.
  next.keys.left(next.keys.enroll(Buffer.from('/of no pane')));
  next.window.resume(from.window.marks());
  next.restore(from, from.window.panes());
  next.window.start();
  return next;
}
