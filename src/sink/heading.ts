import { formatDuration } from '../core/duration.js';
import type { Snapshot } from '../core/snapshot.js';
import { clip, displayWidth } from './display-width.js';
import { localDateTime, localTime } from './local-time.js';

const SEPARATOR = ' · ';

const thousands = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A number for the eye: `76,068`. */
export function grouped(number: number): string {
  return thousands.format(number);
}

/** The window of a watch in milliseconds or `all`; `once` of a batch run, which is over at once. */
export type Period = number | 'all' | 'once';

/**
 * What a table is about: the window with its totals, and what went by since the snapshot before. Two
 * groups of parts, for what comes and goes in the second must not push the first about on a screen.
 * A live screen needs no date; a file may be read a year later.
 */
export function headingParts(
  snapshot: Snapshot,
  window: Period,
  place: 'screen' | 'file',
): readonly [string[], string[]] {
  const { total, distinct, other, rate, totals } = snapshot;
  const parts = [
    period(snapshot, window, place),
    total === 1 ? '1 request' : `${grouped(total)} requests`,
    `${grouped(distinct)} distinct`,
  ];
  if (other > 0) parts.push(`${grouped(other)} other`);
  const passing = window === 'once' ? [] : [`${grouped(rate)} lines/s`];
  if (totals.rejected > 0) passing.push(rejections(snapshot));
  return [parts, passing];
}

/** Joins parts into lines of at most `columns`. */
export function headingLines(parts: readonly string[], columns: number): string[] {
  if (parts.length === 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const part of parts) {
    const longer = line === '' ? part : line + SEPARATOR + part;
    if (line !== '' && displayWidth(longer) > columns) {
      lines.push(line);
      line = part;
    } else {
      line = longer;
    }
  }
  return [...lines, line].map((text) => clip(text, columns));
}

function period({ start, end }: Snapshot, window: Period, place: 'screen' | 'file'): string {
  if (window === 'once') return 'all';
  if (window === 'all') return `all since ${localDateTime(wholeSecond(start))}`;
  // On a screen, milliseconds that come and go would only make the line jump.
  const until = place === 'screen' ? localTime(wholeSecond(end)) : localDateTime(end);
  return `last ${formatDuration(window)} to ${until}`;
}

function wholeSecond(moment: number): number {
  return moment - (moment % 1000);
}

/** The reasons are counted since the start, so the window's number may be smaller than their sum. */
function rejections({ rejected, totals }: Snapshot): string {
  const reasons = [...totals.reasons].map(([reason, count]) => `${grouped(count)} ${reason}`);
  const sum = totals.rejected === rejected ? '' : `${grouped(totals.rejected)} since the start: `;
  return `${grouped(rejected)} rejected (${sum}${reasons.join(', ')})`;
}
