/** Goes on from what an earlier run left, and says in one line what that is. */
import type { Clock } from '../../core/clock.js';
import type { Terms } from '../../core/journal.js';
import type { KeyTable } from '../../core/keys.js';
import type { Logger } from '../../core/logger.js';
import type { WindowCounts } from '../../core/stages.js';
import type { KnownFiles } from '../known-files.js';
import type { RestoredState } from './restored-state.js';

interface Restoring {
  readonly directory: string;
  readonly terms: Terms;
  readonly window: WindowCounts;
  readonly keys: KeyTable;
  readonly files: KnownFiles;
  readonly clock: Clock;
  readonly log: Logger;
}

/** `state` is what there is to begin from, if anything. */
export function restore(state: RestoredState | undefined, into: Restoring): void {
  const { directory, files, log } = into;
  if (state === undefined) return;
  files.restore(state.memos);
  const changes = differences(state.terms, into.terms);
  if (isEmpty(state.terms)) {
    log.info('It is known how far files were read.', { directory, files: files.size });
  } else if (changes === '') restoreCounts(state, into);
  else {
    const message =
      'It is known how far files were read; what was counted is left out, since it was asked for otherwise.';
    log.warn(message, { directory, files: files.size, changes });
  }
}

/** Nothing was counted. */
function isEmpty(terms: Terms): boolean {
  return Object.keys(terms).length === 0;
}

function restoreCounts(
  { marks, counts }: RestoredState,
  { directory, window, keys, files, clock, log }: Restoring,
): void {
  window.resume(marks);
  counts.restore(window, keys);
  const { total, distinct, rejected } = window.snapshot();
  log.info('What the run before counted goes on counting.', {
    directory,
    lines: total + rejected,
    keys: distinct,
    files: files.size,
    secondsAway: Math.max(0, Math.round((clock.wall() - marks.moment) / 1000)),
  });
}

/** What was asked for otherwise than before: `window 5m, now 1m`. */
function differences(before: Terms, now: Terms): string {
  if (isEmpty(now)) return 'nothing is counted now';
  return Object.keys(now)
    .filter((option) => before[option] !== now[option])
    .map((option) => `${option} ${before[option]}, now ${now[option]}`)
    .join('; ');
}
