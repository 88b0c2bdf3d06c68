import { splitKey } from '../core/keys.js';
import type { Row, Snapshot } from '../core/snapshot.js';
import { type Format, OTHER_NAME } from './format.js';
import { localDateTime } from './local-time.js';
import { pythonRepr } from './python-repr.js';
import { rowsText } from './rows-text.js';

const RULE = '-'.repeat(43);

/** What PySpark's `DStream.pprint()` prints on Python 3 for the same counts. */
export function pprintFormat(): Format {
  return (snapshot) => {
    const lines = [RULE, `Time: ${pythonTime(snapshot.end)}`, RULE];
    if (snapshot.rows.length > 0) lines.push(rowsText(snapshot.rows, tuple, '\n'));
    if (hasMore(snapshot)) lines.push('...');
    if (snapshot.other > 0) lines.push(`(${OTHER_NAME}, ${snapshot.other})`);
    return `${lines.join('\n')}\n\n`;
  };
}

function hasMore(snapshot: Snapshot): boolean {
  return snapshot.distinct > snapshot.rows.length;
}

/** `str(datetime)`: microseconds, and only where the second is not whole. */
function pythonTime(moment: number): string {
  const time = localDateTime(moment);
  return time.includes('.') ? `${time}000` : time;
}

function tuple({ key, count }: Row): string {
  const fields = splitKey(key).map(pythonRepr);
  return fields.length === 1 ? `(${fields[0]}, ${count})` : `((${fields.join(', ')}), ${count})`;
}
