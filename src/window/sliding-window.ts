/**
 * The window over arrival time: a line belongs to the pane of the moment at which it is added.
 *
 * The snapshot at a boundary T covers `(T - window, T]`. Once T has passed, the window is that of the
 * next boundary, as far as it goes: what will be too old by then leaves at once.
 */
import type { Answer } from '../core/answer.js';
import type { Clock } from '../core/clock.js';
import type { KeyTable } from '../core/keys.js';
import type { Logger } from '../core/logger.js';
import type { PaneCounts, WindowMarks } from '../core/panes.js';
import type { Snapshot } from '../core/snapshot.js';
import type { Window } from '../core/stages.js';
import { Boundaries } from './boundaries.js';
import { paneGeometry } from './pane-geometry.js';
import { RunningTotals } from './running-totals.js';
import { copyRows } from './snapshot-rows.js';
import { topKeys } from './top.js';
import { WindowCounts } from './window-counts.js';

export interface SlidingWindowOptions {
  /** Milliseconds; `all` never forgets. */
  readonly window: number | 'all';
  /** Milliseconds. */
  readonly slide: number;
  /** How many rows a snapshot has at most; 0 means all. */
  readonly top: number;
  /** How many cells (key × pane) the window holds at most. */
  readonly maxCells: number;
  readonly keys: KeyTable;
  readonly clock: Clock;
  readonly log: Logger;
  /** Given the snapshot of each boundary. It may call `stop`. */
  readonly onSnapshot: (snapshot: Snapshot) => void;
  /**
   * Told when the open pane is about to be sealed: the moment to take what was added to it. The batch
   * that seals it is not in the window yet. Only where this is given there are changes to take.
   */
  readonly onSealing?: () => void;
}

export class SlidingWindow implements Window {
  readonly #options: SlidingWindowOptions;
  /** Length of the window; infinite for `all`, as is that of its one pane. */
  readonly #length: number;
  readonly #pane: number;
  readonly #boundaries: Boundaries;
  readonly #counts: WindowCounts;
  readonly #totals = new RunningTotals();
  /** When counting began, perhaps in an earlier run. */
  #began: number;
  #isResumed = false;
  /** End of the open pane. */
  #paneEnd: number;
  /** The moment of the snapshot before, and the lines taken in until then. */
  #lastMoment: number;
  #lastLines = 0;

  /** Throws a `LogwinError` (usage) where window and slide make panes that `paneGeometry` refuses. */
  constructor(options: SlidingWindowOptions) {
    const { window, slide, keys, maxCells, onSealing } = options;
    this.#options = options;
    this.#pane = paneGeometry(window, slide).pane;
    this.#length = window === 'all' ? Number.POSITIVE_INFINITY : window;
    this.#counts = new WindowCounts(keys, maxCells, onSealing !== undefined);
    const onBoundary = (boundary: number) => this.#pass(boundary);
    this.#boundaries = new Boundaries({ ...options, onBoundary });
    this.#paneEnd = this.#firstPaneEnd();
    this.#began = this.#lastMoment = this.#boundaries.now;
  }

  get changed(): number {
    return this.#counts.changed;
  }

  get entries(): Float64Array {
    return this.#counts.entries;
  }

  get cutoff(): number {
    return this.#boundaries.next - this.#length;
  }

  /** Counting begins here, unless lines were added before, or an earlier run goes on. */
  start(): void {
    this.#boundaries.start();
    this.#lastMoment = this.#boundaries.now;
    this.#lastLines = this.#totals.lines;
    if (!this.#isResumed && this.#totals.lines === 0) this.#began = this.#lastMoment;
  }

  stop(): void {
    this.#boundaries.stop();
  }

  /** Gives the snapshots that are due first, then adds. */
  add(answer: Answer): void {
    this.#boundaries.advance();
    this.#turnPane(this.#boundaries.now);
    this.#counts.add(answer, this.#totals);
    // Where the slide is longer than the window, lines between two windows are in neither.
    if (this.#paneEnd <= this.cutoff) this.#forgetOpenPane();
    this.#options.keys.added();
  }

  /**
   * Gives the snapshots that are due first. The ticks, and the rate that they show, go on as if it
   * had not been called. Without `start` there are no ticks, but what is too old leaves as ever.
   */
  snapshot(): Snapshot {
    this.#boundaries.advance();
    return this.#snapshotAt(this.#boundaries.now, this.#boundaries.next);
  }

  takeChange(): PaneCounts | undefined {
    return this.#counts.takeChange(this.#paneEnd);
  }

  panes(): PaneCounts[] {
    return this.#counts.panes(this.#paneEnd);
  }

  marks(): WindowMarks {
    const { entered } = this.#counts;
    const totals = this.#totals.toTotals();
    return { moment: this.#boundaries.now, began: this.#began, entered, totals };
  }

  resume({ moment, began, entered, totals }: WindowMarks): void {
    this.#boundaries.resume(moment);
    this.#paneEnd = this.#firstPaneEnd();
    this.#counts.entered = entered;
    this.#totals.resume(totals);
    this.#lastMoment = this.#boundaries.now;
    this.#lastLines = this.#totals.lines;
    this.#began = began;
    this.#isResumed = true;
  }

  /** A pane that is too old by now leaves at once. */
  restore(pane: PaneCounts, entries: Float64Array): void {
    this.#counts.restore(pane, entries);
    this.#counts.expire(this.cutoff);
  }

  #firstPaneEnd(): number {
    return this.#boundaries.next - this.#options.slide + this.#pane;
  }

  #pass(boundary: number): void {
    if (this.#paneEnd <= boundary) this.#seal();
    this.#paneEnd = boundary + this.#pane;
    this.#counts.expire(boundary - this.#length);
    const snapshot = this.#boundaries.isRunning ? this.#snapshotAt(boundary, boundary) : undefined;
    this.#counts.expire(this.cutoff);
    if (snapshot === undefined) return;
    this.#lastMoment = boundary;
    this.#lastLines = snapshot.totals.lines;
    this.#options.onSnapshot(snapshot);
  }

  #turnPane(now: number): void {
    if (now <= this.#paneEnd) return;
    this.#seal();
    this.#paneEnd = Math.ceil(now / this.#pane) * this.#pane;
  }

  #seal(): void {
    this.#options.onSealing?.();
    this.#counts.seal(this.#paneEnd);
  }

  /**
   * Nobody is told: the pane was empty before this batch, and who was told now would record what the
   * batch added without knowing that it was added.
   */
  #forgetOpenPane(): void {
    this.#counts.seal(this.#paneEnd);
    this.#counts.expire(this.#paneEnd);
  }

  /** What is held now, as the window `(boundary - length, end]`. */
  #snapshotAt(end: number, boundary: number): Snapshot {
    const { total, distinct, rejected, other } = this.#counts;
    const start = this.#options.window === 'all' ? this.#began : boundary - this.#length;
    const totals = this.#totals.toTotals();
    const seconds = (end - this.#lastMoment) / 1000;
    const rate = seconds > 0 ? (totals.lines - this.#lastLines) / seconds : 0;
    const top = topKeys(this.#counts, this.#options.top);
    const rows = copyRows(top, this.#options.keys, this.#counts.counts);
    const span = { start: Math.round(Math.min(start, end)), end: Math.round(end) };
    return { ...span, total, distinct, rejected, other, rows, rate, totals };
  }
}
