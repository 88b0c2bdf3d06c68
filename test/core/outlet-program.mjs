/**
 * A process whose standard output is a writer's. Says in the file of its first argument what happens
 * to it: `tick` each 10 ms, `stalled` once snapshots had to wait, and so on.
 */
import { appendFileSync } from 'node:fs';
import { systemClock } from '../../dist/core/clock.js';
import { openOutlet, sameTerminal } from '../../dist/core/output/outlet.js';
import { Writer } from '../../dist/core/output/writer.js';

const [, , reportFile, mode] = process.argv;
/** @param {string} line */
const report = (line) => appendFileSync(reportFile, `${line}\n`);
report(`pid ${process.pid}`);
report(`same terminal ${sameTerminal(1, 2)}`);

const writer = new Writer(openOutlet(1, systemClock), systemClock);
writer.listen({
  closed: () => {
    report('closed');
    process.exit(0);
  },
  failed: (error) => report(`failed ${'code' in error ? error.code : error}`),
  snapshotsDropped: (count) => report(`dropped ${count}`),
});

async function end() {
  if (mode === 'frames') writer.line('bye');
  report(`drained ${await writer.drain(mode === 'once' ? Infinity : 300)}`);
  writer.close();
  report('exit');
  process.exit(0);
}

let number = 0;
let rendered = 0;
let size = '';

function frame() {
  rendered = number;
  const columns = writer.terminal?.columns;
  return `frame ${number} at ${columns}\nsecond line\n`;
}

function page() {
  rendered = number;
  return `${'x'.repeat(99)}\n`.repeat(100);
}

function tick() {
  report('tick');
  number += 1;
  if (mode === 'frames') writer.frame(frame);
  else writer.append(page);
  if (number - rendered === 10) report('stalled');
  const now = `size ${writer.terminal?.columns} ${writer.terminal?.rows}`;
  if (now !== size) report(now);
  size = now;
}

if (mode === 'once') {
  const lines = Array.from({ length: 20_000 }, (_, index) => `${index}`.padEnd(99, '.'));
  writer.append(() => `${lines.join('\n')}\n`);
  report('waiting');
  void end();
} else if (mode === 'small') {
  writer.line('small');
  void end();
} else {
  process.on('SIGTERM', end);
  if (mode === 'still') writer.frame(frame);
  setInterval(mode === 'still' ? () => report('tick') : tick, 10);
}
