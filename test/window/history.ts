import { expect } from 'vitest';
import { type Answer, OTHER } from '../../src/core/answer.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { SlidingWindow } from '../../src/window/sliding-window.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';
import { CheckedKeys, type Line } from './checked-keys.js';
import { type Event, seen, windowOf } from './every-event.js';
import { Recording } from './recording.js';
import type { Settings } from './settings.js';
import type { Step } from './steps.js';

/** Runs a history on a window and on the list of all events, and compares at every snapshot. */
export class History {
  readonly clock = new FakeClock(1_799_999_999_870);
  readonly events: Event[] = [];
  readonly snapshots: Snapshot[] = [];
  readonly log = new RecordedLog();
  keys: CheckedKeys;
  window: SlidingWindow;
  readonly #recording = new Recording();
  /** How many events were recorded. */
  #recorded = 0;
  readonly #settings: Settings;
  readonly #compare: (snapshot: Snapshot, boundary: number) => void;
  /** The answer that is out, and what it was made of. */
  #parsed: readonly [Answer, readonly Line[]] | undefined;
  #last: number;

  constructor(settings: Settings, compare?: (snapshot: Snapshot, boundary: number) => void) {
    this.#settings = settings;
    this.#compare = compare ?? ((snapshot, boundary) => this.#expectEqual(snapshot, boundary));
    this.keys = new CheckedKeys(settings.maxKeys);
    this.window = this.#createWindow();
    this.#last = this.#lastBoundary();
    this.window.start();
  }

  #createWindow(): SlidingWindow {
    const { window, slide, isRecorded = false } = this.#settings;
    const { maxCells = Number.POSITIVE_INFINITY } = this.#settings;
    const { clock, log, keys } = this;
    return new SlidingWindow({
      ...{ window, slide, top: 0, maxCells, keys, clock, log },
      onSnapshot: (snapshot) => this.#ticked(snapshot),
      ...(isRecorded ? { onSealing: () => this.#record() } : {}),
    });
  }

  #lastBoundary(): number {
    const { slide } = this.#settings;
    return Math.floor(this.clock.wall() / slide) * slide;
  }

  run(steps: readonly Step[]): void {
    for (const step of steps) this.#do(step);
    this.add();
    this.keys.expectNoLeak();
    this.clock.advance(this.#settings.slide);
    expect(this.#last).toBeGreaterThan(this.clock.wall() - this.#settings.slide);
    expect(this.log.lines).toEqual([]);
  }

  /** Adds what was parsed before: one answer is out at a time. */
  parse(lines: readonly Line[]): void {
    this.add();
    this.#parsed = [this.keys.parse(lines), lines];
  }

  /** Adds what was parsed, if it was not yet added. */
  add(): void {
    if (this.#parsed === undefined) return;
    const [answer, lines] = this.#parsed;
    this.#parsed = undefined;
    this.window.add(answer);
    expect(this.keys.isAnswerOut).toBe(false);
    const now = this.clock.wall();
    // What is added at the moment of a boundary, but after its snapshot, came later.
    const time = now === this.#last ? now + 0.5 : now;
    const keys = answer.keys();
    for (const [i, line] of lines.entries()) this.events.push(eventOf(line, keys[i], time));
    this.keys.expectNoLeak();
  }

  /** Events of the window that ends at `boundary`, by the definition. */
  expectedAt(boundary: number): ReturnType<typeof windowOf> {
    const { window, slide } = this.#settings;
    const length = window === 'all' ? Number.POSITIVE_INFINITY : window;
    return windowOf(this.events, boundary, length, slide);
  }

  #do(step: Step): void {
    if (step.kind === 'parse') this.parse(step.lines);
    else if (step.kind === 'add') this.add();
    else if (step.kind === 'look') this.#look();
    else if (step.kind === 'record') this.#record();
    else if (step.kind === 'crash') this.#crash(step.tenths);
    else if (step.kind === 'wait') this.clock.advance((step.tenths * this.#settings.pane) / 10);
    else this.clock.stall((step.tenths * this.#settings.pane) / 10);
  }

  #record(): void {
    this.#recording.record(this.window, this.keys);
    this.#recorded = this.events.length;
  }

  /** What was not recorded is lost. Another window goes on from what was. */
  #crash(tenths: number): void {
    this.window.stop();
    this.#parsed = undefined;
    this.events.length = this.#recorded;
    this.clock.stall((tenths * this.#settings.pane) / 10);
    this.keys = new CheckedKeys(this.#settings.maxKeys);
    this.window = this.#createWindow();
    this.#recording.restore(this.window, this.keys);
    this.keys.expectNoLeak();
    this.#last = this.#lastBoundary();
    this.window.start();
  }

  #look(): void {
    const snapshot = this.window.snapshot();
    expect(snapshot.end).toBe(this.clock.wall());
    this.#compare(snapshot, this.#last + this.#settings.slide);
  }

  #ticked(snapshot: Snapshot): void {
    expect(snapshot.end).toBe(this.#last + this.#settings.slide);
    this.#last = snapshot.end;
    this.snapshots.push(snapshot);
    this.#compare(snapshot, snapshot.end);
  }

  #expectEqual(snapshot: Snapshot, boundary: number): void {
    expect(seen(snapshot)).toEqual(this.expectedAt(boundary));
    const { counted, rejected, lines } = snapshot.totals;
    expect(lines).toBe(this.events.length);
    expect(rejected).toBe(this.events.filter(({ kind }) => kind === 'rejected').length);
    expect(lines).toBe(counted + rejected);
  }
}

function eventOf(line: Line, answer: number, time: number): Event {
  if ('rejection' in line) return { time, kind: 'rejected', key: '' };
  if (answer === OTHER) return { time, kind: 'other', key: '' };
  return { time, kind: 'key', key: line.key };
}
