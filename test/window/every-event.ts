import type { Snapshot } from '../../src/core/snapshot.js';

/** A line that was added, in the order of adding; without a key it counts in `(other)`. */
export interface Event {
  readonly time: number;
  readonly kind: 'key' | 'other' | 'rejected';
  readonly key: string;
}

export interface Expected {
  readonly total: number;
  readonly distinct: number;
  readonly rejected: number;
  readonly other: number;
  readonly rows: readonly (readonly [string, number])[];
}

/** The plain definition of the window that ends at the boundary `end`: keep all, filter by time. */
export function windowOf(
  events: readonly Event[],
  end: number,
  window: number,
  slide: number,
): Expected {
  const inside = events.filter(({ time }) => time > end - window && time <= end);
  const counted = inside.filter(({ kind }) => kind !== 'rejected');
  const keys = new Set(inside.filter(({ kind }) => kind === 'key').map(({ key }) => key));
  const ranked = Array.from(keys, (key) => {
    const count = inside.filter((event) => event.key === key).length;
    const all = events.filter((event) => event.key === key);
    return { key, count, entry: events.indexOf(entryOf(all, end, window, slide)) };
  });
  ranked.sort((a, b) => b.count - a.count || a.entry - b.entry);
  return {
    total: counted.length,
    distinct: keys.size,
    rejected: inside.length - counted.length,
    other: counted.filter(({ kind }) => kind === 'other').length,
    rows: ranked.map(({ key, count }) => [key, count]),
  };
}

/**
 * The event by which a key came into the window and since which it has been there at every moment.
 * When a boundary passes, what is not in the next window leaves.
 */
function entryOf(events: readonly Event[], end: number, window: number, slide: number): Event {
  let boundary = end - slide;
  const oldest = events[0].time;
  const stays = ({ time }: Event) => time > boundary + slide - window && time <= boundary;
  while (boundary >= oldest && events.some(stays)) boundary -= slide;
  const from = Math.max(boundary, boundary + slide - window);
  const first = events.find(({ time }) => time > from);
  if (first === undefined) throw new Error('the key is not in the window');
  return first;
}

/** A snapshot in the form of {@link Expected}. */
export function seen(snapshot: Snapshot): Expected {
  const { total, distinct, rejected, other } = snapshot;
  const rows = snapshot.rows.map(({ key, count }) => [Buffer.from(key).toString(), count] as const);
  return { total, distinct, rejected, other, rows };
}
