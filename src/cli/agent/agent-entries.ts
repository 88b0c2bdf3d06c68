/** From the properties of a file to those that mean something, as Flume takes them. */
import type { Entry, Findings } from './findings.js';
import { type Interpolated, interpolate, type Lookups } from './interpolation.js';

/** Java's `trim` takes off all of these. */
const OUTER_BLANKS = /^[\0-\x20]+|[\0-\x20]+$/g;

/** With `${…}` resolved, and without those that are empty or belong to no agent. */
export function agentEntries(
  raw: readonly Entry[],
  lookups: Lookups,
  findings: Findings,
): Interpolated {
  const { entries, used } = interpolate(raw, lookups, findings);
  const kept = entries.map(trimmed).filter((entry) => {
    if (entry.value === '') {
      findings.noteOf(entry, 'A key without a value is not used, as with Flume.');
      return false;
    }
    if (/^[^.]+\../.test(entry.key)) return true;
    // A value that others refer to needs no agent.
    if (!used.has(entry.key)) findings.noteOf(entry, 'A key that belongs to no agent is not used.');
    return false;
  });
  return { entries: kept, used };
}

function trimmed(entry: Entry): Entry {
  const { key, value } = entry;
  return { ...entry, key: key.replace(OUTER_BLANKS, ''), value: value.replace(OUTER_BLANKS, '') };
}
