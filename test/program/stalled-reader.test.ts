/** A pipe whose reader sleeps stops neither counting nor signals, and fills no memory. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastSnapshot, snapshotsIn } from '../support/read-back.js';
import { distinctRequests } from '../support/requests.js';
import { eventually, namesIn, scratch } from '../support/scratch.js';
import { type Stalled, stall } from '../support/stalled.js';
import { lacks } from '../support/surroundings.js';

/** More than a pipe holds, many times over. */
const KEYS = 20_000;
const WATCH = 'logwin watch ./spool -o ndjson -n 0 --settle 0.1 --slide';

const directory = scratch();

function place(): string {
  const cwd = directory();
  mkdirSync(join(cwd, 'spool'));
  return cwd;
}

/** Drops a file with `KEYS` different URLs, and waits until it is retired. */
async function drop(cwd: string, name: string): Promise<void> {
  writeFileSync(join(cwd, 'spool', name), distinctRequests(KEYS));
  await eventually(() => namesIn(join(cwd, 'spool')).includes(`${name}.COMPLETED`));
}

function ended({ log }: Stalled): boolean {
  return log.some(({ msg }) => msg === 'The run has ended.');
}

/** When a file is finished, snapshots larger than a pipe have been due for a while. */
function stuck(stalled: Stalled): Promise<unknown> {
  return eventually(() => stalled.log.some(({ msg }) => msg.startsWith('A file is finished')));
}

function dropped({ log }: Stalled): number {
  const records = log.filter(({ msg }) => msg.startsWith('Snapshots were dropped'));
  return records.reduce((sum, record) => sum + Number(record.snapshots), 0);
}

describe.skipIf(lacks('bash', 'mkfifo')).concurrent('a reader that sleeps (needs bash)', () => {
  it('gets the newest snapshot when it wakes, with all that came meanwhile', async () => {
    const cwd = place();
    const stalled = stall(`${WATCH} 0.1`, cwd);
    await drop(cwd, 'first.log');
    await stalled.begun();
    await drop(cwd, 'second.log');
    expect(stalled.output).toHaveLength(1);
    stalled.wake();
    await eventually(() => lastSnapshot(stalled.output)?.total === 2 * KEYS);
    const last = lastSnapshot(stalled.output);
    expect(last?.distinct).toBe(KEYS);
    expect(last?.top.every(({ count }) => count === 2)).toBe(true);
    process.kill(await stalled.pid(), 'SIGTERM');
    expect(await stalled.ended(5000)).toBe(0);

    // No snapshot is torn or twice, and each is either there or said to be dropped.
    const ends = snapshotsIn(stalled.output).map(({ end }) => Date.parse(end));
    const boundaries = ((ends.at(-1) ?? 0) - ends[0]) / 100 + 1;
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
    expect(dropped(stalled)).toBeGreaterThanOrEqual(boundaries - ends.length);
    expect(boundaries - ends.length).toBeGreaterThan(0);
  });

  it('does not keep SIGTERM from ending the program, with 0', async () => {
    const cwd = place();
    const stalled = stall(`${WATCH} 0.2`, cwd);
    await drop(cwd, 'first.log');
    await stalled.begun();
    await stuck(stalled);
    const asked = performance.now();
    process.kill(await stalled.pid(), 'SIGTERM');
    expect(await stalled.ended(10_000)).toBe(0);
    expect(performance.now() - asked).toBeLessThan(6500);
    expect(ended(stalled)).toBe(true);
    expect(dropped(stalled)).toBeGreaterThan(0);
    stalled.wake();
  });

  it('does not keep a second signal from ending it at once', async () => {
    const cwd = place();
    const stalled = stall(`${WATCH} 0.2`, cwd);
    await drop(cwd, 'first.log');
    await stalled.begun();
    await stuck(stalled);
    process.kill(await stalled.pid(), 'SIGTERM');
    await eventually(() => ended(stalled));
    const asked = performance.now();
    process.kill(await stalled.pid(), 'SIGTERM');
    expect(await stalled.ended(10_000)).toBe(128 + 15);
    expect(performance.now() - asked).toBeLessThan(2000);
    stalled.wake();
  });

  it.skipIf(process.platform !== 'linux')('costs no memory (needs Linux)', async () => {
    const cwd = place();
    const stalled = stall(`${WATCH} 0.05 --ticks 240`, cwd);
    await drop(cwd, 'first.log');
    await stalled.begun();
    const pid = await stalled.pid();
    const samples: number[] = [];
    await eventually(() => samples.push(residentBytes(pid)) > 0 && ended(stalled), 30_000);
    // Each third saw seventy snapshots or more, of more than a megabyte each; in the first of them
    // the heap still finds its size.
    const third = Math.floor(samples.length / 3);
    const least = (from: number) => Math.min(...samples.slice(from, from + third));
    const growth = least(2 * third) - least(third);
    expect(growth).toBeLessThan(30e6);
    process.kill(pid, 'SIGKILL');
    stalled.wake();
  });
});

function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
