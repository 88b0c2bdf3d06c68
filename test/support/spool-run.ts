/**
 * Runs a spool directory in this process: a real directory, an injected clock, and a channel that
 * takes everything. What is remembered of the files lies in memory; a run that has ended, or was
 * killed, can be followed by another one on the same directory. Nothing sleeps: `until` moves the
 * clock on in small steps, and lets the file system catch up in between, until what is waited for is
 * seen.
 */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch } from '../../src/core/batch.js';
import type { SpoolOptions } from '../../src/core/config.js';
import type { Intake } from '../../src/core/stages.js';
import { bufferSize, type CuttingLimits, createCutting } from '../../src/source/lines/cutting.js';
import type { WatchForHints } from '../../src/source/spool/directory-watch.js';
import { SpoolBatch } from '../../src/source/spool/spool-batch.js';
import { SpoolDirectory } from '../../src/source/spool/spool-directory.js';
import { FakeClock } from './fake-clock.js';
import { RecordedLog } from './recorded-log.js';
import { RememberedFiles } from './remembered-files.js';
import { SharedBuffers } from './shared-buffers.js';

/** Long, for the clock runs far ahead of the disk: no file settles while a test is still writing. */
export const SETTLE = 30_000;
/** What a run is given unless a test says otherwise. */
export const SPOOL: SpoolOptions = {
  directory: '',
  include: [],
  ignore: [],
  recursive: false,
  order: 'oldest',
  after: { kind: 'rename' },
  suffix: '.COMPLETED',
  settle: SETTLE,
  once: false,
};
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
  /** The journal of this run, as far as the source has to do with it. */
  memory = new RememberedFiles(() => this.#recorded());
  /** Claims of the directory fail with this, if anything. */
  refusal: Error | undefined;
  /** Where hints come from; if left out, only looking finds changes. */
  watchForHints: WatchForHints | undefined;
  /** How often the directory was claimed. */
  claims = 0;
  /** How far the clock goes on at a time: the less, the less it runs ahead of the disk. */
  stepLength = 25;
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
  /** How many lines were added, and how many of them the next run knows of. */
  #addedLines = 0;
  #durableLines = 0;

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
      { ...SPOOL, directory: this.directory, ...this.#options },
      {
        clock: this.clock,
        log: this.log,
        cutting: createCutting(this.#limits, this.#buffers),
        memory: this.memory,
        claim: async () => {
          this.claims += 1;
          if (this.refusal) throw this.refusal;
        },
        ...(this.watchForHints ? { watchForHints: this.watchForHints } : {}),
      },
    );
    await this.#source.open();
    await this.#source.begin();
    this.#running = this.#source.run(this);
  }

  async put(batch: Batch): Promise<void> {
    this.waiting += 1;
    await this.#hold;
    this.waiting -= 1;
    this.batches.push(batch);
    const lines = this.#linesOf(batch);
    this.lines.push(...lines);
    const { memory } = this;
    const adding = this.#adding;
    this.#adding = (async () => {
      await adding;
      for (let turn = 0; turn < this.lag; turn += 1) await nextTurn();
      batch.origin.added(batch, lines.length);
      this.#addedLines += lines.length;
      memory.added(batch);
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

  /** How many log messages hold these words. */
  said(part: string): number {
    return this.log.lines.filter(([, message]) => message.includes(part)).length;
  }

  /** Waits until the log has said that files got these names, and a while longer. */
  async untilNamed(...names: string[]): Promise<void> {
    const named = (name: string): boolean =>
      this.log.lines.some(([, , fields]) => fields?.as === this.path(name));
    await this.until(() => names.every(named), names.join());
    await this.pass(3000);
  }

  /** A short while passes. */
  async step(): Promise<void> {
    this.clock.advance(this.stepLength);
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

  /** How many bytes a batch run says that there are to read. */
  toRead(): number | undefined {
    return this.#source?.toRead();
  }

  /** Retires what a batch run has read. */
  async retire(): Promise<void> {
    await this.#source?.retire();
  }

  /**
   * The run dies: the next one finds what was remembered by now, and of the lines those that were not
   * recorded are gone with it. (What it was just doing to a file it does to its end, as if it had died
   * a moment later.)
   */
  async kill(): Promise<void> {
    const heir = this.memory.afterDeath(() => this.#recorded());
    const durable = this.#durableLines;
    await this.shutDown();
    this.memory = heir;
    this.#addedLines = durable;
    this.#durableLines = durable;
    this.lines.length = durable;
  }

  /** Ends the run; another one may be started. Resolves to the number of files set aside. */
  async shutDown(): Promise<number> {
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
    this.#source = undefined;
    this.#running = undefined;
    this.memory = this.memory.afterDeath(() => this.#recorded());
    return result?.failed ?? 0;
  }

  /** Ends the run and removes everything. Resolves to the number of files set aside. */
  async end(): Promise<number> {
    const failed = await this.shutDown();
    rmSync(this.#base, { recursive: true, force: true });
    if (this.#buffers.free < BUFFERS) throw new Error('A buffer did not come back.');
    return failed;
  }

  #recorded(): void {
    this.#durableLines = this.#addedLines;
  }

  #linesOf(batch: Batch): string[] {
    if (batch.kind !== 'lines') return [TOO_LONG];
    const lines = Buffer.from(batch.bytes).toString('latin1').split('\n');
    if (lines.at(-1) === '') lines.pop();
    // As the parser does.
    return lines.map((line) => (line.length > this.#limits.maxLine ? TOO_LONG : line));
  }
}
