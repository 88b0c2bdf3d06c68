/** The program, the directory, whoever drops files, and time: all that the model is compared with. */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Disposal, PipelineConfig } from '../../src/core/config.js';
import { FakeClock } from '../support/fake-clock.js';
import { Daemon } from './daemon.js';
import { REALM } from './disk.js';
import { Dropper } from './dropper.js';
import type { Drop, Model, ModelSettings } from './model.js';
import { Storage } from './storage.js';

export interface Settings extends ModelSettings {
  /** Of the delays of the disk, and of what a loss of power takes. */
  readonly seed: number;
}

/** Milliseconds, as all times here, from the writing of a line until it is durable, at most. */
export const READ_WITHIN = 3000;
/** Less than the time that is left of the grace time. */
const BUDGET = 45_000;
/** As far apart as two looks of the program. */
const STEP = 250;
/** Turns of the event loop in which nothing happens until nothing will. */
const CALM = 12;
const MOST_TURNS = 200_000;

export class System {
  readonly clock = new FakeClock();
  readonly daemon: Daemon;
  readonly dropper: Dropper;
  readonly spool: string;
  /** Where finished files are moved to. */
  readonly moved: string;
  readonly #base = mkdtempSync(join(tmpdir(), REALM));
  readonly #problems: string[] = [];
  /** How much time may pass until a file may have been retired for the grace time. */
  #timeLeft = BUDGET;

  constructor(model: Model, { after, settle, seed }: Settings) {
    const [spool, moved, staged, limbo] = ['spool', 'moved', 'staged', 'limbo'].map((name) => {
      const path = join(this.#base, name);
      mkdirSync(path);
      return path;
    });
    const { clock } = this;
    const storage = new Storage(limbo);
    const disposal: Disposal =
      after === 'move' ? { kind: after, directory: moved } : { kind: after };
    this.spool = spool;
    this.moved = moved;
    this.dropper = new Dropper({ spool, staged, clock, storage });
    this.daemon = new Daemon({
      ...{ clock, storage, seed, config: configOf(spool, disposal, settle) },
      onCounts: (counts) => this.note(model.ledger.surplus(counts)),
      onProblem: (problem) => this.note(problem),
    });
  }

  /** Throws where something was wrong until now. */
  check(): void {
    if (this.#problems.length === 0) return;
    throw new Error([...new Set(this.#problems), '', ...this.daemon.log].join('\n'));
  }

  /** Something is wrong, unless it is the empty string. */
  note(problem: string): void {
    if (problem !== '') this.#problems.push(problem);
  }

  /** The program gets so many turns, and no time passes. */
  async turn(turns: number): Promise<void> {
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
  }

  /** So much time passes at once, whatever the program is doing. */
  tick(elapsed: number): void {
    if (elapsed > this.#timeLeft) return;
    this.#timeLeft -= elapsed;
    this.clock.advance(elapsed);
  }

  /** So much time passes, and the program has always done what there is to do; or until it dies. */
  async pass(elapsed: number): Promise<void> {
    if (elapsed > this.#timeLeft) return;
    await this.#passInSteps(elapsed, () => {
      this.#timeLeft -= STEP;
    });
  }

  /** The same where time does not matter any more: whatever it was counted for is over. */
  async passLong(elapsed: number): Promise<void> {
    if (this.daemon.life) await this.#passInSteps(elapsed, () => {});
    else this.clock.advance(elapsed);
    this.#timeLeft = BUDGET;
  }

  /**
   * The program has all the time that it needs to read what is there, and `more`. Resolves to whether
   * it lived to do so.
   */
  async readAll(model: Model, more = 0): Promise<boolean> {
    const elapsed = READ_WITHIN + more;
    if (elapsed > this.#timeLeft) return false;
    this.daemon.fill(false);
    await this.ensureRun();
    const { life } = this.daemon;
    await this.pass(elapsed);
    if (life === undefined || life !== this.daemon.life) return false;
    model.allIsRead(({ number, name }) => !this.dropper.namesOf(number).includes(name));
    this.note(model.ledger.lack(this.daemon.latest, model.sureLines()));
    return true;
  }

  /** Finds out whether the program has taken the drop away, as far as names go that are for people. */
  found(drop: Drop | undefined): Drop | undefined {
    const names = drop ? this.dropper.namesOf(drop.number) : [];
    const isAway = drop?.place === 'spool' && names.every((name) => name.startsWith('.'));
    if (isAway) drop.place = 'away';
    return drop;
  }

  async #passInSteps(elapsed: number, onStep: () => void): Promise<void> {
    const { life } = this.daemon;
    await this.calm();
    for (let left = elapsed; left > 0 && life === this.daemon.life; left -= STEP) {
      this.clock.advance(STEP);
      onStep();
      await this.calm();
    }
  }

  /** Resolves when the program waits for nothing but time. */
  async calm(): Promise<void> {
    let calm = 0;
    for (let turn = 0; calm < CALM; turn += 1) {
      if (turn === MOST_TURNS) throw new Error(`It never rests:\n${this.daemon.log.join('\n')}`);
      await nextTurn();
      calm = this.daemon.life?.underWay ? 0 : calm + 1;
    }
  }

  /** Starts the program unless it runs. */
  async ensureRun(): Promise<void> {
    if (!this.daemon.life) await this.daemon.start();
  }

  /** The program is told to end, and does unless it dies. */
  async stop(): Promise<void> {
    this.daemon.stop();
    await this.calm();
    if (!this.daemon.ended()) this.note('A run does not end.');
  }

  end(): void {
    this.daemon.life?.end();
    this.dropper.end();
    rmSync(this.#base, { recursive: true, force: true });
  }
}

function configOf(directory: string, after: Disposal, settle: number): PipelineConfig {
  return {
    sources: [
      {
        ...{ kind: 'spool', directory, after, settle, include: [], ignore: [] },
        ...{ recursive: false, order: 'oldest', suffix: '.COMPLETED', once: false },
      },
    ],
    ...{ state: { kind: 'usual' }, maxLine: 1024, channelLines: 1000, channelBytes: 4096 },
    ...{ by: ['url'], maxKeys: 100_000, maxKeyBytes: 10_000_000, kernel: 'plain', threads: 1 },
    ...{ window: 'all', slide: 1000, top: 0, mode: 'watch', output: 'ndjson' },
    ...{ onChange: false, ticks: 0 },
  };
}
