/**
 * A journal with a real window, on a real directory. Each origin's lines have keys that begin with its
 * name, and its positions count lines: so whatever is restored, the lines of an origin that are in
 * the window must be as many as its position says.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer } from '../../src/core/answer.js';
import type { Batch, Origin } from '../../src/core/batch.js';
import type { FileMemo, Identity } from '../../src/core/journal.js';
import type { Snapshot } from '../../src/core/snapshot.js';
import { FileJournal } from '../../src/journal/file-journal.js';
import { SlidingWindow } from '../../src/window/sliding-window.js';
import { answerOf } from '../support/answers.js';
import { FakeClock } from '../support/fake-clock.js';
import { RecordedLog } from '../support/recorded-log.js';
import { CheckedKeys } from '../window/checked-keys.js';

/** Real milliseconds after which something that does not come is given up. */
const PATIENCE = 10_000;

/** A file that exists only here. */
export class FakeFile implements Origin {
  readonly name: string;
  readonly identity: Identity;
  /** Lines added, and lines of which that was acknowledged. */
  position = 0;
  acknowledgedTo = 0;
  change: Partial<FileMemo> = {};

  constructor(number: number) {
    this.name = `file-${number}`;
    this.identity = { device: 1n, inode: BigInt(number), born: BigInt(number) * 1_000n };
  }

  added(): void {}

  acknowledged(position: number): void {
    this.acknowledgedTo = position;
  }

  memo(): FileMemo {
    return {
      directory: '/spool',
      path: this.name,
      identity: this.identity,
      position: this.position,
      lines: this.position,
      head: undefined,
      tail: { start: 0, length: 0, value: '' },
      compressed: false,
      openEnd: false,
      keptTo: -1,
      retiredAt: undefined,
      gone: false,
      ...this.change,
    };
  }
}

export interface RigSettings {
  readonly window: number | 'all';
  readonly slide: number;
  readonly by: string;
}

const USUAL: RigSettings = { window: 'all', slide: 1000, by: 'url' };

export class JournalRig {
  readonly clock: FakeClock;
  readonly log = new RecordedLog();
  readonly keys = new CheckedKeys();
  readonly window: SlidingWindow;
  readonly journal: FileJournal;
  readonly snapshots: Snapshot[] = [];

  private constructor(directory: string, settings: RigSettings, clock: FakeClock) {
    this.clock = clock;
    const { log, keys } = this;
    const { window, slide, by } = settings;
    const terms = { window: `${window}`, slide: `${slide}`, by };
    this.journal = new FileJournal({
      directory,
      isElsewhere: true,
      terms,
      period: 1000,
      clock,
      log,
    });
    this.window = new SlidingWindow({
      ...{ window, slide, keys, clock, log },
      top: 0,
      maxCells: Number.POSITIVE_INFINITY,
      onSnapshot: (snapshot) => this.snapshots.push(snapshot),
      onSealing: () => this.journal.sealing(),
    });
  }

  /** A run that goes on from what is in the directory. */
  static async open(
    directory: string,
    settings: Partial<RigSettings> = {},
    clock = new FakeClock(),
  ): Promise<JournalRig> {
    const rig = new JournalRig(directory, { ...USUAL, ...settings }, clock);
    await rig.journal.open(rig.window, rig.keys);
    rig.window.start();
    return rig;
  }

  /** Adds a line for each key, all from one file, and tells the journal. */
  add(file: FakeFile, ...keys: readonly string[]): void {
    const start = file.position;
    const batch: Batch = {
      ...{ kind: 'lines', origin: file, bytes: new Uint8Array() },
      ...{ start, end: start + keys.length },
    };
    const answer: Answer = this.keys.parse(keys.map((key) => ({ key: `${file.name}/${key}` })));
    this.window.add(answerOf(batch, answer.keys()));
    file.position += keys.length;
    this.journal.added(batch);
  }

  /** Lines in the window, by the file that they came from. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { key, count } of this.window.snapshot().rows) {
      const [file] = Buffer.from(key).toString().split('/');
      counts.set(file, (counts.get(file) ?? 0) + count);
    }
    return counts;
  }

  /** Positions of the files in `/spool` that nobody has recalled, by name. */
  positions(): Map<string, number> {
    return new Map(this.journal.memosOf('/spool').map(({ path, position }) => [path, position]));
  }

  /** Messages of the log of this level. */
  said(level: string): string[] {
    return this.log.lines.filter(([at]) => at === level).map(([, message]) => message);
  }

  async until(holds: () => boolean): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!holds()) {
      if (performance.now() > deadline) throw new Error(`It never came: ${holds}`);
      await nextTurn();
    }
  }

  close(): Promise<void> {
    this.window.stop();
    return this.journal.close();
  }
}
