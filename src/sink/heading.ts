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

/** Where a heading is shown: a live screen needs no date, a file may be read a year later. */
export type HeadingPlace = 'screen' | 'file';

/** What a table is about, in parts: the window, then its totals. */
export function headingParts(
  snapshot: Snapshot,
  window: number | 'all',
  place: HeadingPlace,
): string[] {
  const { total, distinct, other, rate, totals } = snapshot;
  const parts = [
    period(snapshot, window, place),
    total === 1 ? '1 request' : `${grouped(total)} requests`,
    `${grouped(distinct)} distinct`,
  ];
  if (other > 0) parts.push(`${grouped(other)} other`);
  if (totals.rejected > 0) parts.push(rejections(snapshot));
  parts.push(`${grouped(rate)} lines/s`);
  return parts;
}

/** Joins the parts into lines of at most `columns`. */
export function headingLines(parts: readonly string[], columns: number): string[] {
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

function period({ start, end }: Snapshot, window: number | 'all', place: HeadingPlace): string {
  if (window === 'all') return `all since ${localDateTime(start)}`;
  const until = place === 'screen' ? localTime(end) : localDateTime(end);
  return `last ${formatDuration(window)} to ${until}`;
}

/** The reasons are counted since the start, so the window's number may be smaller than their sum. */
function rejections({ rejected, totals }: Snapshot): string {
  const reasons = [...totals.reasons].map(([reason, count]) => `${grouped(count)} ${reason}`);
  const sum = totals.rejected === rejected ? '' : `${grouped(totals.rejected)} since the start: `;
  return `${grouped(rejected)} rejected (${sum}${reasons.join(', ')})`;
}
