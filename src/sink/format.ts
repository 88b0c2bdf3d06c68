import type { Snapshot } from '../core/snapshot.js';

/**
 * A snapshot as text: whole lines, or nothing. Some formats remember what they gave before (a header
 * is given once), so one instance serves one output.
 */
export type Format = (snapshot: Snapshot) => string;

/** How the row of what is over the bounds is shown. */
export const OTHER_NAME = '(other)';
