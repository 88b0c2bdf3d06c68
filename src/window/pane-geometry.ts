/**
 * How a window is cut into panes: one per greatest common divisor of window and slide, so that both
 * ends of every window fall between two panes. Too small or too many panes are refused, with the
 * nearest values that are not.
 */
import { formatDuration } from '../core/duration.js';
import { LogwinError } from '../core/errors.js';

/** Shorter panes would cost more in timers than they tell. */
const SHORTEST_PANE = 10;
const MOST_PANES = 100_000;

interface PaneGeometry {
  /** Length of a pane in milliseconds; infinite where the window is `all`. */
  readonly pane: number;
  /** How many panes a window has; 1 where the window is `all`. */
  readonly panes: number;
}

/**
 * The panes of a window and a slide in milliseconds. The window may be shorter than the slide and
 * need not be a multiple of it. Throws a `LogwinError` (usage) for panes that are shorter than
 * 10 ms or more than 100,000.
 */
export function paneGeometry(window: number | 'all', slide: number): PaneGeometry {
  const length = window === 'all' ? slide : window;
  if (!isGood(length, slide)) throw refusal(window, slide);
  if (window === 'all') return { pane: Number.POSITIVE_INFINITY, panes: 1 };
  const pane = greatestCommonDivisor(length, slide);
  return { pane, panes: length / pane };
}

function isGood(window: number, slide: number): boolean {
  if (!isWhole(window) || !isWhole(slide)) return false;
  const pane = greatestCommonDivisor(window, slide);
  return pane >= SHORTEST_PANE && window / pane <= MOST_PANES;
}

function isWhole(duration: number): boolean {
  return Number.isSafeInteger(duration) && duration > 0;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function refusal(window: number | 'all', slide: number): LogwinError {
  return new LogwinError('usage', complaint(window, slide), `try ${remedy(window, slide)}`);
}

function complaint(window: number | 'all', slide: number): string {
  if (window === 'all') return `a slide must be whole milliseconds, at least 10, not ${slide}`;
  const asked = `a window of ${formatDuration(window)} that slides by ${formatDuration(slide)}`;
  if (!isWhole(window) || !isWhole(slide)) return `${asked} is not of whole milliseconds`;
  const pane = greatestCommonDivisor(window, slide);
  const panes = `${window / pane} panes of ${formatDuration(pane)}`;
  return `${asked} makes ${panes}, but panes must be at least 10ms and at most ${MOST_PANES}`;
}

function remedy(window: number | 'all', slide: number): string {
  if (window === 'all') return `--slide ${formatDuration(nearestMultiple(slide, SHORTEST_PANE))}`;
  const slideInstead = nearestSlide(window, slide);
  const windowInstead = nearestWindow(window, slide);
  const remedies: string[] = [];
  if (slideInstead !== undefined) remedies.push(`--slide ${formatDuration(slideInstead)}`);
  if (windowInstead !== undefined) remedies.push(`--window ${formatDuration(windowInstead)}`);
  return remedies.length > 0 ? remedies.join(' or ') : both(window, slide);
}

/** Where neither value can stay as it is. */
function both(window: number, slide: number): string {
  const good = nearestMultiple(slide, SHORTEST_PANE);
  const length = nearestWindow(window, good) ?? good;
  return `--window ${formatDuration(length)} --slide ${formatDuration(good)}`;
}

/** Good slides are the multiples of those divisors of the window that make good panes of it. */
function nearestSlide(window: number, slide: number): number | undefined {
  const shortest = Math.max(SHORTEST_PANE, window / MOST_PANES);
  const candidates = divisors(window, shortest).map((pane) => nearestMultiple(slide, pane));
  return nearest(slide, candidates);
}

/** Good windows are the multiples of a divisor of the slide, as many as there may be panes. */
function nearestWindow(window: number, slide: number): number | undefined {
  const candidates = divisors(slide, SHORTEST_PANE).map((pane) =>
    Math.min(nearestMultiple(window, pane), pane * MOST_PANES),
  );
  return nearest(window, candidates);
}

function divisors(of: number, from: number): number[] {
  if (!isWhole(of)) return [];
  const found: number[] = [];
  for (let divisor = 1; divisor * divisor <= of; divisor++) {
    if (of % divisor === 0) found.push(divisor, of / divisor);
  }
  return found.filter((divisor) => divisor >= from);
}

function nearestMultiple(value: number, of: number): number {
  return Math.max(1, Math.round(value / of)) * of;
}

function nearest(to: number, candidates: readonly number[]): number | undefined {
  const distance = (value: number) => Math.abs(value - to);
  return candidates.toSorted((a, b) => distance(a) - distance(b))[0];
}
