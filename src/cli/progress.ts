/** How far a long run has come, drawn in place on a terminal. */
import type { Clock, Timer } from '../core/clock.js';
import type { Writer } from '../core/output/writer.js';
import type { Progress } from '../pipeline.js';
import { formatSize } from './size.js';

/** What is done sooner needs no display, in ms. */
const PATIENCE = 1000;
/** Between two drawings, in ms. */
const PERIOD = 250;

export class ProgressDisplay {
  readonly #read: () => Progress;
  readonly #writer: Pick<Writer, 'frame' | 'clear'>;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #lines = 0;
  #since = 0;
  #isShown = false;

  constructor(read: () => Progress, writer: Pick<Writer, 'frame' | 'clear'>, clock: Clock) {
    this.#read = read;
    this.#writer = writer;
    this.#clock = clock;
  }

  start(): void {
    this.#since = this.#clock.monotonic();
    this.#timer = this.#clock.after(PATIENCE, () => this.#draw());
  }

  /** Leaves nothing on the screen. */
  stop(): void {
    this.#timer?.cancel();
    if (this.#isShown) this.#writer.clear();
  }

  #draw(): void {
    const reading = this.#read();
    const text = progressText(reading, this.#rate(reading.lines));
    this.#isShown = true;
    this.#writer.frame(() => text);
    this.#timer = this.#clock.after(PERIOD, () => this.#draw());
  }

  /** Lines per second since the drawing before. */
  #rate(lines: number): number {
    const now = this.#clock.monotonic();
    const rate = (lines - this.#lines) / ((now - this.#since) / 1000);
    this.#lines = lines;
    this.#since = now;
    return rate;
  }
}

/** `rate` is in lines per second. */
export function progressText({ bytes, ofBytes }: Progress, rate: number): string {
  const speed = `${Math.round(rate).toLocaleString('en-US')} lines/s`;
  if (ofBytes === undefined || ofBytes <= 0) return `${formatSize(bytes)} read, ${speed}`;
  // What grows while it is read must not show more than all.
  const percent = Math.min(100, Math.floor((bytes / ofBytes) * 100));
  return `${formatSize(bytes)} of ${formatSize(ofBytes)} read (${percent}%), ${speed}`;
}
