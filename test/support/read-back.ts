/** Reads what the program wrote: snapshots in ndjson, and log records. Strict, so that junk is found. */

export interface ReadRow {
  readonly rank: number;
  readonly url: string;
  readonly url_bytes?: string;
  readonly count: number;
}

export interface ReadSnapshot {
  readonly start: string;
  readonly end: string;
  readonly total: number;
  readonly distinct: number;
  readonly rejected: number;
  readonly top: readonly ReadRow[];
}

export interface ReadRecord {
  readonly level: number;
  readonly pid: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** The snapshots that are complete. Throws where a line is no snapshot. */
export function snapshotsIn(text: string): ReadSnapshot[] {
  return objects(text).map((object) => {
    if (object.version !== 1) throw new Error(`No snapshot: ${JSON.stringify(object)}`);
    return object;
  });
}

/** The newest snapshot that is complete. */
export function lastSnapshot(text: string): ReadSnapshot | undefined {
  return snapshotsIn(text).at(-1);
}

/** The log records that are complete. Throws where a line is none. */
export function recordsIn(text: string): ReadRecord[] {
  return objects(text).map((object) => {
    if (typeof object.msg !== 'string') throw new Error(`No record: ${JSON.stringify(object)}`);
    return object;
  });
}

/** The records whose message holds `part`. */
export function said(text: string, part: string): ReadRecord[] {
  return recordsIn(text).filter(({ msg }) => msg.includes(part));
}

/** How often each URL was counted; keys as latin-1, so that each byte is told from every other. */
export function countsOf({ top }: ReadSnapshot): Map<string, number> {
  return new Map(top.map((row) => [keyOf(row), row.count]));
}

function keyOf({ url, url_bytes }: ReadRow): string {
  const bytes = url_bytes === undefined ? Buffer.from(url) : Buffer.from(url_bytes, 'base64');
  return bytes.toString('latin1');
}

// biome-ignore lint/suspicious/noExplicitAny: what comes from outside is judged by the callers.
function objects(text: string): any[] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line));
}
