/** A thread that parses: does the jobs on its board, in order, until there will be no more. */
import { parentPort, workerData } from 'node:worker_threads';
import { JobBoard } from './job-board.js';
import { Kernel } from './kernel.js';
import { doWork } from './work.js';
import { DONE, READY, type WorkerData } from './worker-data.js';

const { parts, cells } = workerData as WorkerData;
const board = new JobBoard(cells);
const kernel = new Kernel(parts);

board.ready();
parentPort?.postMessage(READY);
let number = 0;
for (let job = board.take(number); job !== undefined; job = board.take(number)) {
  if (job.afresh) kernel.clearKeys();
  const entriesFrom = kernel.usedBytes;
  const keysFrom = kernel.limit;
  const done = doWork(kernel, job);
  const { usedBytes: entriesTo, limit: keysTo } = kernel;
  const isAwaited = board.finish(number, { ...done, entriesFrom, entriesTo, keysFrom, keysTo });
  if (isAwaited) parentPort?.postMessage(DONE);
  number = (number + 1) | 0;
}
