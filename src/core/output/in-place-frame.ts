import type { Terminal } from './terminal.js';

/** Makes the text at the moment of writing, so for the size that the terminal then has. */
export type Render = () => string;

const CLEAR_SCREEN = '\x1b[2J\x1b[H';
const CLEAR_BELOW = '\x1b[J';
const RESET_STYLE = '\x1b[0m';

/**
 * Frame lines are not to wrap: terminals disagree on the width of some characters, and one line that
 * wrapped would put every later frame a row off.
 */
const WRAP_OFF = '\x1b[?7l';
const WRAP_ON = '\x1b[?7h';

interface Drawn {
  readonly text: string;
  readonly height: number;
  readonly columns: number;
  readonly rows: number;
}

/** The last lines of a terminal's screen, drawn over again and again while other lines pass above. */
export class InPlaceFrame {
  readonly #terminal: Terminal;
  #render: Render | undefined;
  #waiting: 'nothing' | 'redraw' | 'snapshot' = 'nothing';
  #drawn: Drawn | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** The screen does not show what it should. */
  get isStale(): boolean {
    return this.#waiting !== 'nothing';
  }

  /** A snapshot was set that was never drawn. */
  get hasSnapshot(): boolean {
    return this.#waiting === 'snapshot';
  }

  /** What `redraw` is to draw from now on. */
  set(render: Render): void {
    this.#render = render;
    this.#waiting = 'snapshot';
  }

  /** `redraw` is to draw nothing from now on. */
  clear(): void {
    this.#render = undefined;
    this.#waiting = 'redraw';
  }

  /** The size of the terminal changed. */
  resized(): void {
    if (!this.isStale) this.#waiting = 'redraw';
  }

  /**
   * The text that takes the old frame off the screen, writes `above` (whole lines) in its place and
   * draws the frame below.
   */
  redraw(above: string): string {
    const { columns, rows } = this.#terminal;
    const erase = this.#erase(columns);
    const text = this.#text(columns, rows);
    const lines = cut(text, Math.max(1, rows - 1));
    this.#drawn = { text, height: lines.length, columns, rows };
    this.#waiting = 'nothing';
    return erase + above + (lines.length > 0 ? `${WRAP_OFF}${lines.join('\n')}\n${WRAP_ON}` : '');
  }

  #erase(columns: number): string {
    if (this.#drawn === undefined || this.#drawn.height === 0) return '';
    // The terminal has wrapped the old lines anew, and how is its own affair.
    if (this.#drawn.columns !== columns) return CLEAR_SCREEN;
    return `\r\x1b[${this.#drawn.height}A${CLEAR_BELOW}`;
  }

  #text(columns: number, rows: number): string {
    const drawn = this.#drawn;
    const isCurrent = !this.isStale && drawn?.columns === columns && drawn.rows === rows;
    if (isCurrent) return drawn.text;
    return this.#render?.() ?? '';
  }
}

/** Cuts a frame into lines, at most `limit`; of a taller one, the last says how many are missing. */
function cut(text: string, limit: number): string[] {
  if (text === '') return [];
  const lines = text.replace(/\n$/, '').split('\n');
  if (lines.length <= limit) return lines;
  const missing = lines.length - limit + 1;
  const style = text.includes('\x1b') ? RESET_STYLE : '';
  return [...lines.slice(0, limit - 1), `${style}… ${missing} more rows`];
}
