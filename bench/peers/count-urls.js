/** Counts the URLs of a log in the combined format: the script that one writes in ten minutes. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const LINE = /^(\S+) \S+ (\S+) \[(.+?)\] "(\S+) (\S+) (\S+)" (\d+) (\S+) "(.*?)" "(.*?)"$/;

/** @type {Map<string, number>} */
const counts = new Map();
const input = createReadStream(process.argv[2], 'latin1');
for await (const line of createInterface({ input })) {
  const match = LINE.exec(line);
  if (match) counts.set(match[5], (counts.get(match[5]) ?? 0) + 1);
}
const rows = [...counts].sort(([, one], [, other]) => other - one);
console.log(rows.map(([url, count]) => `${count} ${url}`).join('\n'));
