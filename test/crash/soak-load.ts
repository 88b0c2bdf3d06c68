/** The files of a soak: small ones all the time, and large ones when they are asked for. */
import { renameSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../../src/traffic/random.js';
import { createTraffic } from '../../src/traffic/traffic.js';
import { Expected } from './expected.js';

const MAX_LINE = 64 * 1024;
const TIME = Date.UTC(2026, 10, 22, 8);
const SMALL_LINES = 40;
/** A large file is a block of so many lines (18 MB), again and again. */
const BLOCK_LINES = 100_000;
const PERIOD = 50;

interface SoakLoadOptions {
  readonly spool: string;
  /** On the same file system. */
  readonly staging: string;
  readonly seed: number;
}

export class SoakLoad {
  /** No small file comes for the time being; those that were due come afterwards. */
  isResting = false;
  /** The names of all that was dropped. */
  readonly names: string[] = [];
  readonly expected = new Expected(MAX_LINE);
  readonly #options: SoakLoadOptions;
  readonly #random: Random;
  readonly #traffic;
  readonly #block: Buffer;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SoakLoadOptions) {
    const { seed } = options;
    this.#options = options;
    this.#random = new Random(seed);
    this.#traffic = createTraffic({ seed, urls: 500, skew: 1, odd: 0.002 });
    this.#block = this.#traffic.lines(BLOCK_LINES, TIME);
  }

  /** Drops `count` small files, evenly over `duration` milliseconds. Resolves when all are dropped. */
  dropSmall(count: number, duration: number): Promise<void> {
    const begun = performance.now();
    let dropped = 0;
    return new Promise((resolve) => {
      this.#timer = setInterval(() => {
        if (this.isResting) return;
        const due = Math.min(count, Math.ceil((count * (performance.now() - begun)) / duration));
        for (; dropped < due; dropped += 1) this.#dropOne(`small-${dropped}.log`);
        if (dropped < count) return;
        clearInterval(this.#timer);
        resolve();
      }, PERIOD);
    });
  }

  /** Drops a file of at least `bytes`. Resolves when it is there. */
  async dropLarge(name: string, bytes: number): Promise<void> {
    const times = Math.ceil(bytes / this.#block.length);
    const staged = join(this.#options.staging, name);
    const file = await open(staged, 'w');
    for (let time = 0; time < times; time += 1) await file.appendFile(this.#block);
    await file.close();
    this.expected.add(this.#block, times);
    this.#arrive(staged, name);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #dropOne(name: string): void {
    const text = this.#traffic.lines(1 + this.#random.below(SMALL_LINES), TIME);
    const staged = join(this.#options.staging, name);
    writeFileSync(staged, text);
    this.expected.add(text);
    this.#arrive(staged, name);
  }

  #arrive(staged: string, name: string): void {
    renameSync(staged, join(this.#options.spool, name));
    this.names.push(name);
  }
}
