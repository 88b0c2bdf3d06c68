/** What a run writes, the next one goes on from. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../support/fake-clock.js';
import { scratch } from '../support/scratch.js';
import { FakeFile, JournalRig } from './rig.js';

const directoryOf = scratch();

function segmentsIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('journal.'));
}

describe('a run after another', () => {
  it('has its counts, its order of entry, its totals and its positions', async () => {
    const state = directoryOf();
    const [one, two] = [new FakeFile(1), new FakeFile(2)];
    const first = await JournalRig.open(state);
    first.add(one, 'b', 'a', 'a', 'b');
    first.add(two, 'c');
    first.clock.advance(1000);
    first.add(one, 'a');
    const before = first.window.snapshot();
    await first.close();
    const second = await JournalRig.open(state, {}, first.clock);
    const after = second.window.snapshot();
    expect({ ...after, rate: 0 }).toEqual({ ...before, rate: 0 });
    expect(second.positions()).toEqual(
      new Map([
        ['file-1', 5],
        ['file-2', 1],
      ]),
    );
    await second.close();
  });

  it('acknowledges nothing before it is durable', async () => {
    const rig = await JournalRig.open(directoryOf());
    const file = new FakeFile(1);
    rig.add(file, 'a');
    expect(file.acknowledgedTo).toBe(0);
    rig.clock.advance(999);
    await rig.until(() => true);
    expect(file.acknowledgedTo).toBe(0);
    rig.clock.advance(1);
    await rig.until(() => file.acknowledgedTo === 1);
    rig.journal.demand(file);
    rig.add(file, 'a');
    await rig.until(() => file.acknowledgedTo === 2);
    await rig.close();
  });
});

describe('the directory', () => {
  it('holds one segment, whose size follows the window and not the run', async () => {
    const state = directoryOf();
    const rig = await JournalRig.open(state, { window: 2000 });
    const file = new FakeFile(1);
    const sizes: number[] = [];
    for (let round = 0; round < 100; round += 1) {
      rig.add(
        file,
        ...Array.from({ length: 1000 }, (_, index) => `${'k'.repeat(80)}${round}-${index}`),
      );
      rig.journal.demand(file);
      await rig.until(() => file.acknowledgedTo === file.position);
      rig.clock.advance(1000);
      sizes.push(sizeOf(state));
    }
    // A round is 90 KB.
    expect(Math.max(...sizes)).toBeLessThan(6e6);
    await rig.until(() => segmentsIn(state).length === 1);
    expect(segmentsIn(state)[0]).not.toBe('journal.000001');
    await rig.close();
    const again = await JournalRig.open(state, { window: 2000 }, rig.clock);
    expect(again.positions()).toEqual(new Map([['file-1', 100_000]]));
    await again.close();
  });

  it('holds all that was ever counted where the window never forgets, and no more', async () => {
    const state = directoryOf();
    const rig = await JournalRig.open(state, { slide: 60_000 });
    const file = new FakeFile(1);
    const keys = Array.from({ length: 2000 }, (_, index) => `${'k'.repeat(80)}${index}`);
    for (let round = 0; round < 500; round += 1) {
      rig.add(file, ...keys);
      rig.clock.advance(1000);
      if (round % 100 === 0) await rig.until(() => file.acknowledgedTo === file.position);
    }
    await rig.until(() => file.acknowledgedTo === file.position);
    expect(sizeOf(state)).toBeLessThan(5e6);
    await rig.close();
    const again = await JournalRig.open(state, { slide: 60_000 }, rig.clock);
    expect(again.counts()).toEqual(new Map([['file-1', 1_000_000]]));
    await again.close();
  });

  it('is made again where somebody removes it', async () => {
    const state = join(directoryOf(), 'state');
    const rig = await JournalRig.open(state);
    const file = new FakeFile(1);
    rig.add(file, 'a', 'b');
    rmSync(state, { recursive: true });
    rig.journal.demand(file);
    await rig.until(() => rig.said('error').length === 1);
    rig.clock.advance(1000);
    await rig.until(() => file.acknowledgedTo === 2);
    await rig.until(() => rig.said('info').at(-1) === 'The journal is written again.');
    await rig.close();
    const again = await JournalRig.open(state, {}, rig.clock);
    expect(again.counts()).toEqual(new Map([['file-1', 2]]));
    await again.close();
  });
});

describe('what was asked for otherwise', () => {
  it('leaves out the counts, keeps the positions, and says so', async () => {
    const state = directoryOf();
    const first = await JournalRig.open(state, { window: 60_000 });
    first.add(new FakeFile(1), 'a', 'b');
    await first.close();
    const second = await JournalRig.open(state, { window: 30_000, by: 'host' }, first.clock);
    expect(second.window.snapshot()).toMatchObject({ total: 0, distinct: 0 });
    expect(second.positions()).toEqual(new Map([['file-1', 2]]));
    const [, , fields] = second.log.lines.find(([level]) => level === 'warn') ?? [];
    expect(fields).toMatchObject({
      changes: 'window 60000, now 30000; by url, now host',
      files: 1,
    });
    await second.close();
  });
});

describe('time', () => {
  it('goes on from the last pane, where the clock was set back between two runs', async () => {
    const state = directoryOf();
    const first = await JournalRig.open(state, { window: 10_000 });
    const file = new FakeFile(1);
    first.add(file, 'a');
    first.clock.advance(1000);
    const { end } = first.window.snapshot();
    await first.close();
    const clock = new FakeClock(first.clock.wall() - 3_600_000);
    const second = await JournalRig.open(state, { window: 10_000 }, clock);
    expect(second.window.snapshot().end).toBe(end);
    expect(second.counts()).toEqual(new Map([['file-1', 1]]));
    clock.advance(8999);
    expect(second.counts()).toEqual(new Map([['file-1', 1]]));
    clock.advance(1001);
    expect(second.counts()).toEqual(new Map());
    await second.close();
  });

  it('makes what is too old leave while nobody runs, and keeps the positions', async () => {
    const state = directoryOf();
    const first = await JournalRig.open(state, { window: 10_000 });
    first.add(new FakeFile(1), 'a');
    await first.close();
    const clock = new FakeClock(first.clock.wall() + 86_400_000);
    const second = await JournalRig.open(state, { window: 10_000 }, clock);
    expect(second.window.snapshot()).toMatchObject({ total: 0, totals: { lines: 1 } });
    expect(second.positions()).toEqual(new Map([['file-1', 1]]));
    await second.close();
  });
});

function sizeOf(directory: string): number {
  return segmentsIn(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
}
