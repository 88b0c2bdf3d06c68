import { expect } from 'vitest';
import type { PaneCounts, WindowMarks } from '../../src/core/panes.js';
import type { Window } from '../../src/core/stages.js';
import type { CheckedKeys } from './checked-keys.js';

interface Cell {
  readonly count: number;
  readonly entry: number;
}

type Sums = Pick<PaneCounts, 'counted' | 'other' | 'rejected'>;

interface RecordedPane extends Sums {
  readonly end: number;
  readonly cells: ReadonlyMap<string, Cell>;
}

const NOTHING: Sums = { counted: 0, other: 0, rejected: 0 };

/** What a journal would keep of a window: the sum of its changes by pane and run, by name. */
export class Recording {
  #marks: WindowMarks | undefined;
  /** Of earlier runs, and of this one by their ends. */
  readonly #former: RecordedPane[] = [];
  readonly #panes = new Map<number, RecordedPane>();

  /** Takes the change; then what was recorded must be what the window holds. */
  record(window: Window, keys: CheckedKeys): void {
    const { changed } = window;
    const change = window.takeChange();
    expect([window.changed, 2 * changed]).toEqual([0, change?.cells.length ?? 0]);
    if (change !== undefined) add(this.#panes, named(change, window, keys));
    this.#marks = window.marks();
    const recorded = [...this.#former, ...this.#panes.values()];
    const held = window.panes().map((pane) => named(pane, window, keys));
    expect(summedByEnd(held, window.cutoff)).toEqual(summedByEnd(recorded, window.cutoff));
  }

  /** Gives everything that was recorded to a new window, also what is too old. */
  restore(window: Window, keys: CheckedKeys): void {
    if (this.#marks === undefined) return;
    this.#former.push(...this.#panes.values());
    this.#former.sort((a, b) => (a.end === b.end ? 0 : a.end - b.end));
    this.#panes.clear();
    window.resume(this.#marks);
    for (const pane of this.#former) restorePane(pane, window, keys);
  }
}

function restorePane(pane: RecordedPane, window: Window, keys: CheckedKeys): void {
  const { end, counted, other, rejected } = pane;
  const cells = Array.from(pane.cells, ([name, { count }]) => [
    keys.enroll(Buffer.from(name)),
    count,
  ]);
  const entries = Float64Array.from(pane.cells.values(), ({ entry }) => entry);
  window.restore({ end, counted, other, rejected, cells: Uint32Array.from(cells.flat()) }, entries);
}

function named(pane: PaneCounts, window: Window, keys: CheckedKeys): RecordedPane {
  const cells = new Map<string, Cell>();
  for (let i = 0; i < pane.cells.length; i += 2) {
    const key = pane.cells[i];
    const name = Buffer.from(keys.bytesOf(key)).toString();
    cells.set(name, { count: pane.cells[i + 1], entry: window.entries[key] });
  }
  return { ...pane, cells };
}

function summedByEnd(panes: readonly RecordedPane[], cutoff: number): RecordedPane[] {
  const sums = new Map<number, RecordedPane>();
  for (const pane of panes) if (pane.end > cutoff) add(sums, pane);
  return [...sums.values()];
}

function add(panes: Map<number, RecordedPane>, pane: RecordedPane): void {
  const { counted, other, rejected, cells } = panes.get(pane.end) ?? {
    ...NOTHING,
    cells: new Map(),
  };
  const sums = new Map<string, Cell>(cells);
  for (const [name, { count, entry }] of pane.cells) {
    sums.set(name, { count: (sums.get(name)?.count ?? 0) + count, entry });
  }
  panes.set(pane.end, {
    end: pane.end,
    counted: counted + pane.counted,
    other: other + pane.other,
    rejected: rejected + pane.rejected,
    cells: sums,
  });
}
