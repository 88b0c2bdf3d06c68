/**
 * Runs a spool directory in this process: a real directory, an injected clock, and a channel that
 * takes everything and acknowledges it at once. Nothing sleeps: `until` moves the clock on in small
 * steps, and lets the file system catch up in between, until what is waited for is seen.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch } from '../../src/core/batch.js';
import type { SpoolOptions } from '../../src/core/config.js';
import type { Intake } from '../../src/core/stages.js';
import { bufferSize, type CuttingLimits, createCutting } from '../../src/source/lines/cutting.js';
import { SpoolBatch } from '../../src/source/spool/spool-batch.js';
import { SpoolDirectory } from '../../src/source/spool/spool-directory.js';
import { FakeClock } from './fake-clock.js';
import { RecordedLog } from './recorded-log.js';
import { SharedBuffers } from './shared-buffers.js';

const STEP = 25;
/** Long, for the clock runs far ahead of the disk: no file settles while a test is still writing. */
export const SETTLE = 30_000;
/** Real time after which something that does not come is given up. */
const PATIENCE = 15_000;
const BUFFERS = 4;
const TOO_LONG = '<too long>';

export class SpoolRun implements Intake {
  readonly directory: string;
  readonly clock = new FakeClock();
  readonly log = new RecordedLog();
  /** All lines so far, as latin-1 and without their line ends, in the order in which they came. */
  readonly lines: string[] = [];
  readonly batches: Batch[] = [];
  /** How many turns of the event loop it takes until a batch that was put is added. */
  lag = 0;
  /** Puts that wait because the channel is full. */
  waiting = 0;
  readonly #base: string;
  #options: Partial<SpoolOptions>;
  readonly #limits: CuttingLimits;
  readonly #buffers: SharedBuffers;
  #source: SpoolBatch | SpoolDirectory | undefined;
  #running: Promise<void> | undefined;
  #hold: Promise<void> | undefined;
  #letGo: () => void = () => {};
  #adding: Promise<void> = Promise.resolve();

  constructor(options: Partial<SpoolOptions> = {}, maxLine = 64 * 1024) {
    this.#base = mkdtempSync(join(tmpdir(), 'logwin-test-'));
    this.directory = join(this.#base, 'spool');
    mkdirSync(this.directory);
    this.#options = options;
    this.#limits = { maxLine, channelLines: 100_000, channelBytes: 64 * 1024 * 1024 };
    this.#buffers = new SharedBuffers(bufferSize(this.#limits), BUFFERS);
  }

  /** Sets options that name paths of this run. Before `start`. */
  use(options: Partial<SpoolOptions>): void {
    this.#options = { ...this.#options, ...options };
  }

  /** A path in the spool directory. */
  path(name: string): string {
    return join(this.directory, name);
  }

  /** A path beside the spool directory, on the same file system. */
  outside(name: string): string {
    return join(this.#base, name);
  }

  write(name: string, text: string | Uint8Array): void {
    writeFileSync(this.path(name), text);
  }

  /** What is in the spool directory, sorted; hidden names left out. */
  names(): string[] {
    return readdirSync(this.directory)
      .filter((name) => !name.startsWith('.'))
      .sort();
  }

  async start(): Promise<void> {
    const Source = this.#options.once ? SpoolBatch : SpoolDirectory;
    this.#source = new Source(
      {
        directory: this.directory,
        include: [],
        ignore: [],
        recursive: false,
        order: 'oldest',
        after: { kind: 'rename' },
        suffix: '.COMPLETED',
        settle: SETTLE,
        once: false,
        ...this.#options,
      },
      {
        clock: this.clock,
        log: this.log,
        cutting: createCutting(this.#limits, this.#buffers),
      },
    );
    await this.#source.open();
    this.#running = this.#source.run(this);
  }

  async put(batch: Batch): Promise<void> {
    this.waiting += 1;
    await this.#hold;
    this.waiting -= 1;
    this.batches.push(batch);
    const lines = this.#linesOf(batch);
    this.lines.push(...lines);
    const adding = this.#adding;
    this.#adding = (async () => {
      await adding;
      for (let turn = 0; turn < this.lag; turn += 1) await nextTurn();
      batch.origin.added(batch, lines.length);
      batch.origin.acknowledged(batch.end);
    })();
    if (this.lag === 0) await this.#adding;
  }

  /** From now on the channel is full. */
  hold(): void {
    this.#hold = new Promise((resolve) => {
      this.#letGo = resolve;
    });
  }

  letGo(): void {
    this.#hold = undefined;
    this.#letGo();
  }

  /** Resolves when `holds`; time goes on until then. Says what it waited for when it never does. */
  async until(holds: () => boolean, what = holds.toString()): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!holds()) {
      if (performance.now() > deadline) {
        throw new Error(
          `It never came: ${what}\n${JSON.stringify([this.names(), this.log.lines])}`,
        );
      }
      await this.step();
    }
  }

  /** A short while passes. */
  async step(): Promise<void> {
    this.clock.advance(STEP);
    for (let turn = 0; turn < 4; turn += 1) await nextTurn();
  }

  /** So much time passes, in steps. */
  async pass(elapsed: number): Promise<void> {
    const end = this.clock.monotonic() + elapsed;
    while (this.clock.monotonic() < end) await this.step();
  }

  /** Resolves when a batch run has read all. */
  async ended(): Promise<void> {
    await this.#running;
  }

  /** Retires what a batch run has read. */
  async retire(): Promise<void> {
    await this.#source?.retire();
  }

  /** Ends the run and removes everything. Resolves to the number of files set aside. */
  async end(): Promise<number> {
    this.letGo();
    let ended = false;
    const done = this.#running?.finally(() => {
      ended = true;
    });
    this.#source?.stop();
    await this.until(() => ended || !done, 'the end of the run');
    await done;
    await this.#adding;
    const result = await this.#source?.close();
    rmSync(this.#base, { recursive: true, force: true });
    if (this.#buffers.free < BUFFERS) throw new Error('A buffer did not come back.');
    return result?.failed ?? 0;
  }

  #linesOf(batch: Batch): string[] {
    if (batch.kind !== 'lines') return [TOO_LONG];
    const lines = Buffer.from(batch.bytes).toString('latin1').split('\n');
    if (lines.at(-1) === '') lines.pop();
    // As the parser does.
    return lines.map((line) => (line.length > this.#limits.maxLine ? TOO_LONG : line));
  }
}
