/**
 * The life of one run of the program: it ends at a given call of the file system, and from then on
 * nothing that the run still does reaches the disk, and nothing that it waits for comes.
 *
 * Which run calls is known from the context in which it was started (`AsyncLocalStorage`). Every call
 * takes a few turns of the event loop until it has its effect, and a few more until it is answered; a
 * seed says how many. So who runs beside it gets between, everywhere, and the same way each time.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Timer } from '../../src/core/clock.js';
import { Random } from '../../src/traffic/random.js';
import type { Storage } from './storage.js';

/** The run in whose name something is done. */
export const lives = new AsyncLocalStorage<Life>();

const real = process.getBuiltinModule('node:fs');

/**
 * What a call is to the disk. It makes no difference to the disk before which of the looks between two
 * changes a run dies, so only changes are counted.
 *
 * - `look`: names and sizes
 * - `read`: what stands in a file
 * - `change`: something does, and may be undone by a loss of power
 * - `sync`: what changed is there to stay
 */
export type Effect = 'look' | 'read' | 'change' | 'sync';

/** Turns of the event loop that a call takes at most, before its effect and again behind it. */
const TURNS = { look: 3, read: 4, change: 3, sync: 40 };
/** Some disks take so many times as long, but for a look. */
const PACES = [1, 1, 1, 5];

interface LifeOptions {
  readonly clock: Clock;
  readonly storage: Storage;
  readonly seed: number;
  readonly onKilled: () => void;
}

export class Life implements Clock {
  isDead = false;
  /** Calls that were not answered yet. */
  underWay = 0;
  readonly storage: Storage;
  readonly descriptors = new Set<number>();
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #onKilled: () => void;
  readonly #pace: number;
  #changesLeft = Number.POSITIVE_INFINITY;

  constructor({ clock, storage, seed, onKilled }: LifeOptions) {
    this.#clock = clock;
    this.storage = storage;
    this.#random = new Random(seed);
    this.#pace = this.#random.pick(PACES);
    this.#onKilled = onKilled;
  }

  /** It is killed when it has made so many changes and is about to make one more. */
  killAfter(changes: number): void {
    this.#changesLeft = changes;
  }

  kill(): void {
    if (this.isDead) return;
    this.end();
    this.#onKilled();
  }

  /** It has come to its end. */
  end(): void {
    this.isDead = true;
    for (const descriptor of this.descriptors) real.closeSync(descriptor);
  }

  /** A call that is answered later. */
  async call<T>(act: () => T, effect: Effect = 'look'): Promise<T> {
    const turns = TURNS[effect] * (effect === 'look' ? 1 : this.#pace);
    this.underWay += 1;
    await this.#wait(turns);
    if (effect === 'change' || effect === 'sync') this.#count();
    const answer = this.isDead ? undefined : attempt(act);
    await this.#wait(turns);
    if (answer === undefined || this.isDead) return never();
    this.underWay -= 1;
    return answer();
  }

  wall(): number {
    return this.#clock.wall();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  after(delay: number, callback: () => void): Timer {
    return this.#clock.after(delay, () => {
      if (!this.isDead) lives.run(this, callback);
    });
  }

  #count(): void {
    if (this.#changesLeft <= 0) this.kill();
    this.#changesLeft -= 1;
  }

  async #wait(most: number): Promise<void> {
    for (let turns = this.#random.below(most); turns > 0; turns -= 1) await nextTurn();
  }
}

function attempt<T>(effect: () => T): () => T {
  try {
    const value = effect();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
