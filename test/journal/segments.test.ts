/** What is left of a segment after a loss of power, or worse. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KnownFiles } from '../../src/journal/known-files.js';
import { readJournal } from '../../src/journal/restore/read-journal.js';
import { RecordWriter } from '../../src/journal/segment/record-writer.js';
import { BASE, CHANGE, FILES } from '../../src/journal/segment/records.js';
import { HEADER } from '../../src/journal/segment/segment.js';
import { segmentPath } from '../../src/journal/segment/segment-files.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';
import { scratch } from '../support/scratch.js';
import { FakeFile, JournalRig } from './rig.js';

const directoryOf = scratch();
const WINDOW = 60_000;
const FRAME = 8;

interface Written {
  readonly clock: FakeClock;
  readonly bytes: Buffer;
  /** Where each record begins, and the end. */
  readonly places: readonly number[];
  /** How long it was before the first line was added. */
  readonly base: number;
}

/** A segment with twelve changes, of three files. */
async function write(): Promise<Written> {
  const state = directoryOf();
  const rig = await JournalRig.open(state, { window: WINDOW });
  const files = [1, 2, 3].map((number) => new FakeFile(number));
  const base = readFileSync(segmentPath(state, 1)).length;
  for (let round = 0; round < 12; round += 1) {
    const file = files[round % 3];
    rig.add(file, 'a', `b${round}`);
    rig.journal.demand(file);
    await rig.until(() => file.acknowledgedTo === file.position);
    if (round % 4 === 3) rig.clock.advance(1000);
  }
  const bytes = readFileSync(segmentPath(state, 1));
  await rig.close();
  const places = [bytes.indexOf('\n') + 1];
  while ((places.at(-1) ?? 0) < bytes.length) {
    const at = places.at(-1) ?? 0;
    places.push(at + FRAME + bytes.readUInt32LE(at));
  }
  return { clock: rig.clock, bytes, places, base };
}

/** What a run would go on from, if this were the segment; `undefined` where that is nothing. */
async function restoredFrom(bytes: Buffer, { clock }: Written) {
  const directory = directoryOf();
  writeFileSync(segmentPath(directory, 1), bytes);
  const log = new RecordedLog();
  const { state, damaged } = await readJournal(directory, log);
  const said = log.lines.map(([level]) => level);
  if (state === undefined) return { lines: undefined, said, damaged };
  const files = new KnownFiles();
  files.restore(state.memos);
  const rig = await JournalRig.open(directoryOf(), { window: WINDOW }, new FakeClock(clock.wall()));
  rig.window.resume(state.marks);
  state.counts.restore(rig.window, rig.keys);
  const positions = files.memosOf('/spool').map(({ path, position }) => [path, position] as const);
  expect(rig.counts()).toEqual(new Map(positions));
  const lines = rig.window.snapshot().total;
  await rig.close();
  return { lines, said, damaged };
}

describe('a segment that was cut', () => {
  it('gives counts and positions of one moment, wherever it was cut', async () => {
    const written = await write();
    const { bytes, places, base } = written;
    // Every record's end, what is just before and behind it, and places within.
    const ends = places.filter((at) => at >= base);
    const cuts = ends.flatMap((at) => [at - 3, at - 1, at, at + 1, at + FRAME, at + FRAME + 1]);
    for (const cut of cuts.filter((at) => at >= base && at <= bytes.length)) {
      const { lines, said } = await restoredFrom(bytes.subarray(0, cut), written);
      expect(lines).toBe(2 * (ends.filter((end) => end <= cut).length - 1));
      expect(said).toEqual(ends.includes(cut) ? [] : ['info']);
    }
  });

  it('is left out with its zeros, where only its length reached the disk', async () => {
    const written = await write();
    const { bytes, places } = written;
    const torn = Buffer.from(bytes);
    torn.fill(0, places.at(-2));
    expect(await restoredFrom(torn, written)).toMatchObject({ lines: 22, said: ['info'] });
  });

  it('holds nothing to begin from where its base is missing, and it is said', async () => {
    const written = await write();
    for (const cut of [0, 5, written.places[0], written.base - 1]) {
      const found = await restoredFrom(written.bytes.subarray(0, cut), written);
      expect(found).toMatchObject({ lines: undefined, said: ['error', 'error'], damaged: [1] });
    }
  });
});

describe('a segment that is damaged', () => {
  it('is said to be, kept aside, and believed up to the damage', async () => {
    const written = await write();
    const { bytes, places, base } = written;
    const changes = places.filter((at) => at >= base).slice(0, -2);
    for (const [index, at] of changes.entries()) {
      for (const offset of [0, 3, 5, FRAME, FRAME + 20]) {
        const damaged = Buffer.from(bytes);
        damaged[at + offset] ^= 0x40;
        const found = await restoredFrom(damaged, written);
        expect(found).toMatchObject({ lines: 2 * index, said: ['error'], damaged: [1] });
      }
    }
  });

  it('stays for a look under a name of its own, when the next run has begun its own', async () => {
    const { bytes, places, base, clock } = await write();
    const directory = directoryOf();
    const damaged = Buffer.from(bytes);
    damaged[places[places.indexOf(base) + 2] + FRAME] ^= 1;
    writeFileSync(segmentPath(directory, 7), damaged);
    const rig = await JournalRig.open(directory, { window: WINDOW }, clock);
    expect(rig.counts()).toEqual(rig.positions());
    await rig.close();
    expect(readFileSync(join(directory, 'journal.000007.damaged'))).toEqual(damaged);
    const again = await JournalRig.open(directory, { window: WINDOW }, clock);
    expect(again.window.snapshot().total).toBe(4);
    expect(again.said('error')).toEqual([]);
    await again.close();
  });
});

describe('several segments', () => {
  it('are what a run left that died when it had begun another: the last holds', async () => {
    const { bytes, places, clock } = await write();
    const directory = directoryOf();
    writeFileSync(segmentPath(directory, 3), bytes.subarray(0, places.at(-3)));
    writeFileSync(segmentPath(directory, 4), bytes);
    writeFileSync(`${segmentPath(directory, 5)}.new`, bytes.subarray(0, places[0]));
    const rig = await JournalRig.open(directory, { window: WINDOW }, clock);
    expect(rig.window.snapshot().total).toBe(24);
    expect(rig.said('error')).toEqual([]);
    await rig.close();
    expect(readdirSync(directory)).toEqual(['journal.000005']);
  });

  it('of which the last is damaged from its beginning: the one before it holds', async () => {
    const { bytes, base, clock } = await write();
    const directory = directoryOf();
    writeFileSync(segmentPath(directory, 3), bytes);
    writeFileSync(segmentPath(directory, 4), bytes.subarray(0, base - 2));
    const rig = await JournalRig.open(directory, { window: WINDOW }, clock);
    expect(rig.window.snapshot().total).toBe(24);
    expect(rig.said('error')).toHaveLength(1);
    await rig.close();
    expect(readdirSync(directory)).toEqual(['journal.000004.damaged', 'journal.000005']);
  });
});

describe('a segment that somebody else wrote', () => {
  const segmentOf = (kind: number, content: unknown): Buffer => {
    const writer = new RecordWriter();
    writer.begin(kind);
    writer.json(content);
    writer.end();
    return Buffer.concat([HEADER, writer.take()]);
  };
  const marks = { moment: 1, began: 1, entered: 0, counted: 0, rejected: {} };

  it.each([
    ['a base without anything', BASE, {}],
    ['a base that is nothing', BASE, null],
    ['a base at no time', BASE, { ...marks, moment: null, fingerprint: {} }],
    ['files that are none', FILES, [null]],
    ['a file in no place', FILES, [{ number: 1, identity: ['1', '1', '1'], position: 'x' }]],
    ['what was dropped that is no list', CHANGE, { ...marks, files: [], dropped: 5 }],
  ])('with %s is nothing to begin from', async (_, kind, content) => {
    const written = await write();
    const found = await restoredFrom(
      Buffer.concat([segmentOf(kind, content), written.bytes.subarray(HEADER.length)]),
      written,
    );
    expect(found).toMatchObject({ lines: undefined, damaged: [1] });
  });

  it('is not waited for where it is a FIFO, and not followed where it is a link', async () => {
    const directory = directoryOf();
    execFileSync('mkfifo', [segmentPath(directory, 1)]);
    symlinkSync('/dev/zero', segmentPath(directory, 2));
    const rig = await JournalRig.open(directory);
    expect(rig.said('error')).toHaveLength(3);
    await rig.close();
  });

  it('full of what may be records is not looked through without end', async () => {
    const written = await write();
    const tail = Buffer.alloc(4_000_000);
    // At each twelfth byte, the length and the kind of a record that takes up the rest.
    for (let at = 0; at + 12 < tail.length; at += 12) {
      tail.writeUInt32LE(tail.length - at - FRAME, at);
      tail[at + FRAME] = CHANGE;
    }
    const found = await restoredFrom(Buffer.concat([written.bytes, tail]), written);
    expect(found).toMatchObject({ lines: 24, said: ['error'], damaged: [1] });
  });
});

describe('a segment of a later version', () => {
  it('is refused, with what to do', async () => {
    const directory = directoryOf();
    writeFileSync(segmentPath(directory, 1), 'logwin journal 99\nwho knows');
    await expect(JournalRig.open(directory)).rejects.toThrow(
      /is of version 99, and this program knows 1; run the version that wrote it/,
    );
  });
});
