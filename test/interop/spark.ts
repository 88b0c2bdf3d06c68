/** The Spark job of these tests. */
import { join } from 'node:path';
import { JavaProcess } from './peers/java.js';

/** Counts what it is pushed at a port of this machine, or what it pulls from there. */
export function startJob(kind: 'push' | 'pull', port: number, directory: string): JavaProcess {
  const args = [kind, '127.0.0.1', String(port), join(directory, 'checkpoints')];
  return new JavaProcess('spark-2.4', 'interop.TopUrls', args, { memory: '1g' });
}

/** The rows of the newest block that is complete, as `URL COUNT`; they are at most ten. */
export function countedRows(printed: string): string[] {
  const blocks = printed.split(/^Time: \d+ ms\n-+\n/m).slice(1);
  const complete = blocks.findLast((block) => block.includes('\n\n')) ?? '';
  return Array.from(complete.matchAll(/^\((.*),(\d+)\)$/gm), ([, url, count]) => `${url} ${count}`);
}
