/**
 * A soak: one run after the other on the same directory, each with a slow reader on its standard
 * output, and watched for what it holds.
 */
import { closeSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/scratch.js';
import { Daemon, type Exit } from './daemon.js';
import { type Held, ProcessSamples } from './process-samples.js';
import { SlowReader } from './slow-reader.js';
import { SoakLoad } from './soak-load.js';

interface SoakRun {
  readonly daemon: Daemon;
  readonly reader: SlowReader;
  readonly samples: ProcessSamples;
}

/** Milliseconds without load before and while it is measured what a process holds at rest. */
const REST = 6000;
/** Milliseconds for what was dropped to be counted. */
const PATIENCE = 120_000;
const LOG_SHOWN = 2000;

export class Soak {
  readonly load: SoakLoad;
  /** Of each run so far. */
  readonly samples: ProcessSamples[] = [];
  readonly #base = mkdtempSync(join(tmpdir(), 'logwin-soak-'));
  readonly #spool = join(this.#base, 'spool');
  #run: SoakRun;

  /** Starts the first run. */
  constructor(seed: number) {
    const staging = join(this.#base, 'staging');
    for (const directory of [this.#spool, staging]) mkdirSync(directory);
    this.load = new SoakLoad({ spool: this.#spool, staging, seed });
    this.#run = this.#start();
  }

  /** Ends the run with a signal. Resolves to how it ended. */
  async stop(signal: NodeJS.Signals): Promise<Exit> {
    const { daemon, reader, samples } = this.#run;
    samples.stop();
    daemon.kill(signal);
    const exit = await daemon.exited;
    reader.close();
    return exit;
  }

  /** Starts the next run. */
  restart(): void {
    this.#run = this.#start();
  }

  /** Resolves when the run is so many milliseconds old. */
  async age(milliseconds: number): Promise<void> {
    await pause(Math.max(0, milliseconds - this.#run.samples.age));
  }

  /** Waits until it has nothing to do; resolves to what it holds then. */
  async atRest(): Promise<Held> {
    const { samples } = this.#run;
    this.load.isResting = true;
    await this.#look(() => this.#isAllRetired());
    const { age } = samples;
    await pause(REST);
    this.load.isResting = false;
    return samples.heldSince(age + REST / 2);
  }

  /**
   * Resolves when as many lines are accounted for as were dropped, all files are retired, and a few
   * snapshots have come after that. From here on the reader is fast.
   */
  async untilAllIsCounted(): Promise<void> {
    const { reader } = this.#run;
    const { printed } = reader;
    reader.hurry();
    await this.#look(() => printed.accounted >= this.load.expected.lines && this.#isAllRetired());
    const { snapshots } = printed;
    await this.#look(() => printed.snapshots >= snapshots + 3);
  }

  /** The newest snapshot of the run, as it was printed. */
  get newest(): string {
    return this.#run.reader.printed.newest;
  }

  /** What is in the spool directory, sorted, hidden names left out. */
  names(): string[] {
    return readdirSync(this.#spool)
      .filter((name) => name !== '.logwin')
      .sort();
  }

  /** What is in the directory of the journal. */
  stateNames(): string[] {
    return readdirSync(join(this.#spool, '.logwin'));
  }

  /** Whatever still runs is killed, and all is removed. */
  end(): void {
    this.load.stop();
    const { daemon, reader, samples } = this.#run;
    samples.stop();
    if (daemon.exit === undefined) reader.close();
    daemon.kill('SIGKILL');
    rmSync(this.#base, { recursive: true, force: true, maxRetries: 12 });
  }

  #isAllRetired(): boolean {
    return this.names().every((name) => name.endsWith('.COMPLETED'));
  }

  /** Rejects when it never comes, or the program ends before it does. */
  async #look(seen: () => boolean): Promise<void> {
    const { daemon } = this.#run;
    await eventually(() => {
      if (daemon.exit !== undefined) throw new Error(`It ended: ${daemon.log.slice(-LOG_SHOWN)}`);
      return seen();
    }, PATIENCE);
  }

  #start(): SoakRun {
    const reader = new SlowReader(join(this.#base, `output-${this.samples.length}`));
    const args = ['watch', this.#spool, '--window', 'all', '--top', '0', '--output', 'ndjson'];
    const daemon = new Daemon(args, reader.writer);
    closeSync(reader.writer);
    const samples = new ProcessSamples(daemon.pid);
    this.samples.push(samples);
    return { daemon, reader, samples };
  }
}
