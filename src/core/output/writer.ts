import type { Clock } from '../clock.js';
import { InPlaceFrame, type Render } from './in-place-frame.js';
import { LineQueue } from './line-queue.js';
import type { Outlet } from './outlet.js';
import type { Terminal } from './terminal.js';

/** Bytes of log lines that wait while nobody reads. */
const LINE_CAPACITY = 1024 * 1024;

/** What the owner of a writer may want to log; each is optional. */
export interface WriterListeners {
  /** Nobody reads any more. Told once. */
  closed?(): void;
  /** A write failed; told once until one gets through again. */
  failed?(error: Error): void;
  /** So many snapshots gave way to newer ones. Told when a write got through, and at `drain`. */
  snapshotsDropped?(count: number): void;
  /** So many log lines were over the bound. Told when a write got through. */
  linesDropped?(count: number): void;
}

/**
 * The one owner of an outlet. At most one write is in progress; log lines wait in a bounded queue,
 * and of snapshots the newest alone. Snapshots are rendered when their turn comes, so one that gives
 * way costs nothing.
 */
export class Writer {
  readonly #outlet: Outlet;
  readonly #clock: Clock;
  readonly #lines = new LineQueue(LINE_CAPACITY);
  readonly #frame: InPlaceFrame | undefined;
  #listeners: WriterListeners = {};
  #snapshot: Render | undefined;
  #dropped = 0;
  #writing: 'nothing' | 'lines' | 'snapshot' = 'nothing';
  #pumping = false;
  #failing = false;
  #drains: (() => void)[] = [];

  constructor(outlet: Outlet, clock: Clock) {
    this.#outlet = outlet;
    this.#clock = clock;
    outlet.listen({
      closed: () => this.#listeners.closed?.(),
      failed: (error) => this.#failed(error),
    });
    this.#frame = outlet.terminal && new InPlaceFrame(outlet.terminal);
    outlet.terminal?.onResize(() => this.#resized());
  }

  /** Undefined where the outlet is no terminal. */
  get terminal(): Terminal | undefined {
    return this.#outlet.terminal;
  }

  listen(listeners: WriterListeners): void {
    this.#listeners = listeners;
  }

  /** Writes a line, which has no line end and no unsafe character. */
  line(text: string): void {
    this.#lines.push(text);
    this.#pump();
  }

  /** Writes a snapshot, whole lines or nothing, that stays: one write, after what was there. */
  append(render: Render): void {
    if (this.#snapshot !== undefined) this.#dropped += 1;
    this.#snapshot = render;
    this.#pump();
  }

  /** Draws a snapshot in place of the frame before. Where there is no terminal, appends it. */
  frame(render: Render): void {
    if (this.#frame === undefined) {
      this.append(render);
      return;
    }
    if (this.#frame.hasSnapshot) this.#dropped += 1;
    this.#frame.set(render);
    this.#pump();
  }

  /** Takes the frame off the screen. */
  clear(): void {
    this.#frame?.clear();
    this.#pump();
  }

  /**
   * Resolves when all is written (true), or when `deadline` ms (may be Infinity) have passed or
   * writing fails (false). What was given up is then told as dropped.
   */
  drain(deadline: number): Promise<boolean> {
    return new Promise((resolve) => {
      const settle = (): void => {
        timer?.cancel();
        this.#drains = this.#drains.filter((other) => other !== settle);
        if (!this.#isIdle) this.#giveUp();
        resolve(this.#isIdle);
      };
      const timer = deadline === Infinity ? undefined : this.#clock.after(deadline, settle);
      this.#drains.push(settle);
      this.#settleDrains();
    });
  }

  /** Lets go of the outlet; what is not written yet is lost. */
  close(): void {
    this.#outlet.close();
  }

  get #isIdle(): boolean {
    return this.#writing === 'nothing' && !this.#hasWork;
  }

  get #hasWork(): boolean {
    return this.#hasSnapshot || this.#frame?.isStale === true || !this.#lines.isEmpty;
  }

  get #hasSnapshot(): boolean {
    return this.#snapshot !== undefined || this.#frame?.hasSnapshot === true;
  }

  /** A loop, not a recursion: an outlet may be done before its `write` returns. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      while (this.#writing === 'nothing' && this.#hasWork) this.#writeNext();
    } finally {
      this.#pumping = false;
    }
    this.#settleDrains();
  }

  #writeNext(): void {
    const hasSnapshot = this.#hasSnapshot;
    const text = this.#compose();
    if (text === '') return;
    this.#writing = hasSnapshot ? 'snapshot' : 'lines';
    this.#outlet.write(Buffer.from(text), () => this.#written());
  }

  #compose(): string {
    const snapshot = this.#snapshot;
    this.#snapshot = undefined;
    const above = this.#lines.take() + (snapshot?.() ?? '');
    return this.#frame === undefined ? above : this.#frame.redraw(above);
  }

  #written(): void {
    this.#writing = 'nothing';
    this.#failing = false;
    this.#tellDropped();
    this.#pump();
  }

  #tellDropped(): void {
    const snapshots = this.#dropped;
    this.#dropped = 0;
    if (snapshots > 0) this.#listeners.snapshotsDropped?.(snapshots);
    const lines = this.#lines.takeDropped();
    if (lines > 0) this.#listeners.linesDropped?.(lines);
  }

  #giveUp(): void {
    if (this.#writing === 'snapshot') this.#dropped += 1;
    if (this.#hasSnapshot) this.#dropped += 1;
    this.#tellDropped();
  }

  #failed(error: Error): void {
    this.#failing = true;
    this.#listeners.failed?.(error);
    this.#settleDrains();
  }

  #settleDrains(): void {
    if (!this.#isIdle && !this.#failing) return;
    for (const settle of this.#drains) settle();
  }

  #resized(): void {
    this.#frame?.resized();
    this.#pump();
  }
}
