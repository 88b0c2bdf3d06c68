/** Drops the files of a round into its spool directories, whatever becomes of the program meanwhile. */
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../src/traffic/random.js';
import type { Drop } from './drops.js';
import type { RoundPlace } from './round-place.js';
import type { RoundPlan } from './round-plan.js';

const LINE_END = 10;
const PIECES = 8;
/** Milliseconds. */
const PIECE_GAP = 120;
const PERIOD = 5;

export class Dropper {
  /**
   * A file was being written for longer than files take to settle, so the program may have seen it
   * cut; then the round shows nothing.
   */
  hasStalled = false;
  /** What went wrong in the dropping itself. */
  failure: unknown;
  readonly #plan: RoundPlan;
  readonly #place: RoundPlace;
  readonly #dropped = new Set<Drop>();
  #stopping = false;

  constructor(plan: RoundPlan, place: RoundPlace) {
    this.#plan = plan;
    this.#place = place;
  }

  /** The run with this number was started. Does not wait. */
  begin(phase: number): void {
    for (const drop of this.#plan.drops) {
      if (drop.phase !== phase) continue;
      this.#drop(drop).catch((failure: unknown) => {
        this.failure ??= failure;
      });
    }
  }

  get isDone(): boolean {
    return this.#dropped.size === this.#plan.drops.length;
  }

  /** What is still to be dropped is left. */
  stop(): void {
    this.#stopping = true;
  }

  async #drop(drop: Drop): Promise<void> {
    await pause(drop.delay);
    while (!this.#mayDrop(drop)) {
      if (this.#stopping) return;
      await pause(PERIOD);
    }
    if (this.#stopping) return;
    await this.#arrive(drop);
    this.#dropped.add(drop);
  }

  #mayDrop({ follows }: Drop): boolean {
    return follows === undefined || (this.#dropped.has(follows) && !this.#place.holds(follows));
  }

  #arrive(drop: Drop): Promise<void> {
    switch (drop.arrival) {
      case 'rename':
        return this.#rename(drop);
      case 'copy':
        return this.#copy(drop);
      case 'append':
        return this.#append(drop);
    }
  }

  async #rename(drop: Drop): Promise<void> {
    await rename(await this.#stage(drop), this.#place.pathOf(drop));
  }

  /** Gets an old time last of all. */
  async #copy(drop: Drop): Promise<void> {
    const staged = await this.#stage(drop);
    await utimes(staged, 1_700_000_000, 1_700_000_000);
    this.#timed(() => execFileSync('cp', ['-p', staged, this.#place.pathOf(drop)]));
    await rm(staged);
  }

  async #stage(drop: Drop): Promise<string> {
    const path = join(this.#place.staging, `${this.#plan.drops.indexOf(drop)}`);
    await writeFile(path, drop.bytes);
    return path;
  }

  async #append(drop: Drop): Promise<void> {
    const random = new Random(this.#plan.seed + this.#plan.drops.indexOf(drop));
    const file = openSync(this.#place.pathOf(drop), 'ax');
    try {
      for (const piece of piecesOf(drop.bytes, random)) {
        this.#timed(() => writeAtOnce(file, piece));
        await pause(random.below(PIECE_GAP));
      }
    } finally {
      closeSync(file);
    }
  }

  /** Synchronous, so that what else this process does is no part of the time. */
  #timed(write: () => void): void {
    const begun = performance.now();
    write();
    if (performance.now() - begun > this.#plan.options.settle) this.hasStalled = true;
  }
}

/** Pieces of whole lines; the last line may have no line end. */
function piecesOf(bytes: Buffer, random: Random): Buffer[] {
  const cuts = Array.from({ length: 1 + random.below(PIECES) }, () => {
    return bytes.indexOf(LINE_END, random.below(bytes.length + 1)) + 1;
  });
  const ends = [...cuts.filter((cut) => cut > 0), bytes.length].sort((a, b) => a - b);
  return ends.map((end, at) => bytes.subarray(at === 0 ? 0 : ends[at - 1], end));
}

/** With one call to the system, so that nobody finds half a line. */
function writeAtOnce(file: number, bytes: Buffer): void {
  if (writeSync(file, bytes) !== bytes.length) throw new Error('A piece was not written at once.');
}
