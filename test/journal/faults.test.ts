/** A disk that fails under the journal. */
import { readdirSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { scratch } from '../support/scratch.js';
import { FakeFile, JournalRig } from './rig.js';

/** What the disk does from now on, and what it was asked for. */
const disk = vi.hoisted(() => ({
  writeError: undefined as string | undefined,
  syncError: undefined as string | undefined,
  /** Syncs do not come back until this resolves. */
  hold: undefined as Promise<void> | undefined,
  /** Paths of the segments, in the order of their syncs; a sync of a descriptor that failed once. */
  syncs: [] as string[],
  again: [] as string[],
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const fail = (code: string): never => {
    throw Object.assign(new Error(`${code}: so the test wants it`), { code });
  };
  const open = async (path: string, ...rest: [flags?: string, mode?: number]) => {
    const handle = await real.open(path, ...rest);
    return path.includes('journal.') ? watched(handle, path) : handle;
  };
  const watched = (handle: FileHandle, path: string): FileHandle => {
    const sync = handle.datasync.bind(handle);
    let failed = false;
    handle.datasync = async () => {
      disk.syncs.push(path);
      if (failed) disk.again.push(path);
      await disk.hold;
      failed = disk.syncError !== undefined;
      if (disk.syncError) fail(disk.syncError);
      await sync();
    };
    return handle;
  };
  const writeFile = async (...args: Parameters<typeof real.writeFile>) => {
    const isSegment = typeof args[0] === 'object';
    if (disk.writeError && isSegment) fail(disk.writeError);
    await real.writeFile(...args);
  };
  return { ...real, open, writeFile };
});

const directoryOf = scratch();
const BROKEN =
  'The journal cannot be written; counting goes on, but no file is retired until it can.';
const BACK = 'The journal is written again.';

function segmentsIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('journal.'));
}

beforeEach(() => {
  disk.writeError = disk.syncError = disk.hold = undefined;
  disk.syncs = [];
  disk.again = [];
});

describe.each([
  ['no room to write', { writeError: 'ENOSPC' }],
  ['a sync that fails', { syncError: 'EIO' }],
])('%s', (_, fault) => {
  it('stops neither counting nor the log, and everything is written when it is over', async () => {
    const state = directoryOf();
    const rig = await JournalRig.open(state);
    const file = new FakeFile(1);
    rig.add(file, 'a');
    rig.journal.demand(file);
    await rig.until(() => file.acknowledgedTo === 1);
    Object.assign(disk, fault);
    for (let second = 0; second < 5; second += 1) {
      rig.add(file, 'a', 'b');
      rig.clock.advance(1000);
      await rig.until(() => disk.syncs.length > 0 && rig.said('error').length === 1);
    }
    expect(rig.window.snapshot().total).toBe(11);
    expect(file.acknowledgedTo).toBe(1);
    expect(rig.said('error')).toEqual([BROKEN]);
    expect(segmentsIn(state)).toHaveLength(1);
    Object.assign(disk, { writeError: undefined, syncError: undefined });
    await rig.until(() => {
      rig.clock.advance(1000);
      return file.acknowledgedTo === 11;
    });
    await rig.until(() => rig.said('info').includes(BACK));
    expect(rig.said('error')).toEqual([BROKEN]);
    expect(disk.again).toEqual([]);
    await rig.close();
    const next = await JournalRig.open(state, {}, rig.clock);
    expect(next.counts()).toEqual(new Map([['file-1', 11]]));
    expect(next.positions()).toEqual(new Map([['file-1', 11]]));
    expect(segmentsIn(state)).toHaveLength(1);
    await next.close();
  });

  it('at the end is tried once more, and then said', async () => {
    const state = directoryOf();
    const rig = await JournalRig.open(state);
    const file = new FakeFile(1);
    rig.add(file, 'a');
    rig.journal.demand(file);
    await rig.until(() => file.acknowledgedTo === 1);
    Object.assign(disk, fault);
    rig.add(file, 'b');
    await rig.close();
    expect(rig.said('warn')).toEqual([
      'The last lines are in no journal; what is still in a file, the next run reads again.',
    ]);
    disk.writeError = disk.syncError = undefined;
    const next = await JournalRig.open(state, {}, rig.clock);
    // Of what was written and not synced, nobody knows whether it is there.
    expect(next.counts()).toEqual(next.positions());
    expect(next.window.snapshot().total).toBeGreaterThan(0);
    await next.close();
  });

  it('meanwhile does not keep a file that is new from being known when it is over', async () => {
    const state = directoryOf();
    const rig = await JournalRig.open(state);
    Object.assign(disk, fault);
    rig.add(new FakeFile(1), 'a');
    rig.clock.advance(1000);
    await rig.until(() => rig.said('error').length === 1);
    // One of which a record is asked for in vain, and one of which none is.
    const [asked, last] = [new FakeFile(2), new FakeFile(3)];
    rig.add(asked, 'a', 'b');
    rig.journal.demand(asked);
    rig.add(last, 'c');
    Object.assign(disk, { writeError: undefined, syncError: undefined });
    await rig.until(() => {
      rig.clock.advance(1000);
      return asked.acknowledgedTo === 2 && last.acknowledgedTo === 1;
    });
    // As if it were killed now.
    const next = await JournalRig.open(state, {}, rig.clock);
    expect(next.positions()).toEqual(next.counts());
    expect(next.counts().size).toBe(3);
    await next.close();
    await rig.close();
  });

  it('from the start on does not keep the run from counting', async () => {
    Object.assign(disk, fault);
    const rig = await JournalRig.open(directoryOf());
    const file = new FakeFile(1);
    rig.add(file, 'a');
    expect(rig.window.snapshot().total).toBe(1);
    disk.writeError = disk.syncError = undefined;
    rig.clock.advance(1000);
    await rig.until(() => file.acknowledgedTo === 1);
    await rig.close();
  });
});

describe('a disk that takes its time', () => {
  it('holds up no snapshot, and what came meanwhile goes into one write', async () => {
    const rig = await JournalRig.open(directoryOf(), { window: 60_000 });
    const file = new FakeFile(1);
    let letGo = (): void => {};
    disk.hold = new Promise((resolve) => {
      letGo = resolve;
    });
    disk.syncs = [];
    for (let second = 0; second < 5; second += 1) {
      rig.add(file, 'a');
      rig.clock.advance(1000);
      expect(rig.snapshots.at(-1)?.total).toBe(second + 1);
      await rig.until(() => disk.syncs.length === 1);
    }
    expect(file.acknowledgedTo).toBe(0);
    disk.hold = undefined;
    letGo();
    await rig.until(() => file.acknowledgedTo === 5);
    expect(disk.syncs).toHaveLength(2);
    await rig.close();
  });

  it('does not have records heap up without end: then everything is restated', async () => {
    const state = directoryOf();
    const rig = await JournalRig.open(state, { window: 3000 });
    const file = new FakeFile(1);
    let letGo = (): void => {};
    disk.hold = new Promise((resolve) => {
      letGo = resolve;
    });
    rig.add(file, 'first');
    rig.clock.advance(1000);
    await rig.until(() => disk.syncs.length > 1);
    const long = 'k'.repeat(4000);
    for (let second = 0; second < 12; second += 1) {
      rig.add(file, ...Array.from({ length: 500 }, (_, index) => `${long}${second}-${index}`));
      rig.clock.advance(1000);
    }
    disk.hold = undefined;
    letGo();
    await rig.until(() => file.acknowledgedTo === file.position);
    expect(readdirSync(state)).toContain('journal.000002');
    const counts = rig.counts();
    await rig.close();
    const next = await JournalRig.open(state, { window: 3000 }, rig.clock);
    expect(next.counts()).toEqual(counts);
    await next.close();
  });
});
