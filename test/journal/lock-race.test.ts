/** Many processes that want the lock of one directory, some of which are killed: one has it. */
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DirectoryLock } from '../../src/journal/lock/directory-lock.js';
import { eventually, scratch } from '../support/scratch.js';
import { type LockProcess, lockProcesses } from './lock-processes.js';

const place = scratch();
const start = lockProcesses();

/** Long enough for all to be told before they try, in ms. */
const LEAD = 30;

/** All try at the same moment. Resolves to those who got it; the others were refused as they should. */
async function winnersOf(processes: readonly LockProcess[]): Promise<LockProcess[]> {
  const moment = Date.now() + LEAD;
  const answers = await Promise.all(processes.map((each) => each.take(moment)));
  const refusals = answers.filter((answer) => !answer.endsWith('lock'));
  for (const refusal of refusals) expect(refusal).toMatch(/another logwin \(pid \d+\) works on/);
  return processes.filter((_, index) => answers[index].endsWith('lock'));
}

it.each([
  ['with hard links', []],
  ['without hard links', ['linkless']],
])('one of twelve gets it, also from the dead: %s', async (_, traits) => {
  const directory = place();
  const starting = Array.from({ length: 12 }, () => start(directory, ...traits));
  let living = await Promise.all(starting);
  for (let round = 1; round <= 6; round += 1) {
    const winners = await winnersOf(living);
    expect(winners).toHaveLength(1);
    await winners[0].kill();
    living = living.filter((each) => each !== winners[0]);
  }
  const [last] = await winnersOf(living);
  expect(await last.release()).toBe('released');
  expect(readdirSync(directory)).toEqual([]);
});

it('nobody has it with another, whoever is killed at what moment', async () => {
  const directory = place();
  const report = join(place(), 'report');
  const startRestless = (): Promise<LockProcess> => start(directory, `restless=${report}`);
  const processes = await Promise.all(Array.from({ length: 4 }, startRestless));

  const events = (): string[] => readFileSync(report, 'utf8').split('\n').slice(0, -1);
  const taken = (): number => events().filter((event) => event.startsWith('has')).length;
  await eventually(() => existsSync(report));
  const kill = async (victim: LockProcess): Promise<void> => {
    appendFileSync(report, `killed ${victim.pid}\n`);
    await victim.kill();
  };
  for (let round = 0; round < 16; round += 1) {
    const before = taken();
    await eventually(() => taken() > before + 2);
    const at = round % processes.length;
    await kill(processes[at]);
    processes[at] = await startRestless();
  }
  for (const each of processes) await kill(each);

  expect(overlaps(events())).toEqual([]);
  const lock = await DirectoryLock.take(directory);
  expect(readdirSync(join(directory, '.logwin'))).toEqual(['lock']);
  await lock.release();
});

/** Events that cannot be where one at a time has the lock. */
function overlaps(events: readonly string[]): string[] {
  const dead = new Set<string>();
  let holder: string | undefined;
  return events.filter((event) => {
    const [what, pid] = event.split(' ');
    if (dead.has(pid)) return false;
    if (what === 'killed') dead.add(pid);
    const isOdd = what === 'has' ? holder !== undefined : what === 'gives' && holder !== pid;
    if (what === 'has') holder = pid;
    else if (holder === pid) holder = undefined;
    return isOdd || !['has', 'gives', 'killed'].includes(what);
  });
}
