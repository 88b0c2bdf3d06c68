/** What a Flume agent received, as our sink in it wrote it down. */
import { existsSync, readFileSync } from 'node:fs';

export interface RecordedEvent {
  readonly headers: Readonly<Record<string, string>>;
  /** One character each byte. */
  readonly body: string;
}

/** Events in the order in which they were written; none where there is no file yet. */
export function recordedEvents(path: string): RecordedEvent[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'latin1').split('\n');
  // What is behind the last line end may be half an event.
  return lines.slice(0, -1).map(recordedEvent);
}

/** How many there are: faster than to read them. */
export function recordedCount(path: string): number {
  if (!existsSync(path)) return 0;
  const bytes = readFileSync(path);
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}

function recordedEvent(line: string): RecordedEvent {
  const tab = line.indexOf('\t');
  const entries = line.slice(0, tab).split('&').filter(Boolean);
  return {
    headers: Object.fromEntries(
      entries.map((entry) => {
        const equals = entry.indexOf('=');
        return [entry.slice(0, equals), entry.slice(equals + 1)];
      }),
    ),
    body: line.slice(tab + 1),
  };
}
