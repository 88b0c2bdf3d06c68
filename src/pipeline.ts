/**
 * The pipeline: source → channel → parser → window → sink. The one file that knows all the stages;
 * whoever wants to know where a line goes reads `#drain`.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MemoryChannel } from './channel/memory-channel.js';
import type { Answer } from './core/answer.js';
import type { Clock } from './core/clock.js';
import type { PipelineConfig, SourceConfig, SpoolOptions } from './core/config.js';
import type { Journal } from './core/journal.js';
import type { Logger } from './core/logger.js';
import type { Writer } from './core/output/writer.js';
import type { Snapshot, Totals } from './core/snapshot.js';
import type { Channel, Parser, Sink, Source, Window } from './core/stages.js';
import type { DirectoryLocks } from './journal/lock/directory-locks.js';
import { NoJournal } from './journal/no-journal.js';
import { createParser } from './parser/create-parser.js';
import { RejectionNotice } from './parser/rejection-notice.js';
import { createSink } from './sink/create-sink.js';
import { bufferSize, createCutting } from './source/lines/cutting.js';
import type { SpoolSurroundings } from './source/spool/spool-works.js';
import { SlidingWindow } from './window/sliding-window.js';

/**
 * Cells (key × pane) for each key that there may be. With the default window of 300 panes, a key in
 * 38 would have to come every second of five minutes before cells run out. A small `--max-keys` does
 * not make them scarce: a million take 8 MB.
 */
const CELLS_PER_KEY = 8;
const LEAST_CELLS = 1_000_000;

export interface Surroundings {
  readonly clock: Clock;
  readonly log: Logger;
  /** The owner of standard output. */
  readonly output: Writer;
}

export interface Outcome {
  /** Files that were set aside or could not be read. */
  readonly failed: number;
  readonly totals: Totals;
}

export interface Progress {
  readonly bytes: number;
  readonly lines: number;
  /** How many bytes there are, where all sources know. */
  readonly ofBytes: number | undefined;
}

/** The stages that what was asked for decides on. */
interface Stages {
  readonly locks: DirectoryLocks | undefined;
  readonly journal: Journal;
  readonly sources: readonly Source[];
  readonly parser: Parser;
  readonly sink: Sink;
}

export class Pipeline {
  readonly #config: PipelineConfig;
  readonly #output: Writer;
  readonly #locks: DirectoryLocks | undefined;
  readonly #journal: Journal;
  readonly #sources: readonly Source[];
  readonly #channel: Channel;
  readonly #parser: Parser;
  readonly #notice: RejectionNotice;
  readonly #window: Window;
  readonly #sink: Sink;
  #ticks = 0;
  #bytes = 0;
  #lines = 0;
  #tellStopped: () => void = () => {};
  /** Resolves when somebody asked for the end. */
  readonly #stopped = new Promise<'stopped'>((resolve) => {
    this.#tellStopped = () => resolve('stopped');
  });
  #isStopped = false;

  /**
   * Loads the sources and the sink that are asked for, and no others: that is half of the time to
   * start. Rejects with a `LogwinError` (usage) for a window and a slide that cannot be cut into
   * panes.
   */
  static async create(config: PipelineConfig, around: Surroundings): Promise<Pipeline> {
    const { clock, log, output } = around;
    const parser = createParser({ ...config, bufferSize: bufferSize(config) }, log);
    const cutting = createCutting(config, parser.buffers);
    const [journal, locks] = await Promise.all([
      createJournal(config, around),
      createLocks(config),
    ]);
    const claim = async (directory: string): Promise<void> => locks?.claim(directory);
    const [sources, sink] = await Promise.all([
      createSources(config, { clock, log, cutting, memory: journal, claim }),
      createSink(config, output),
    ]);
    return new Pipeline(config, around, { journal, locks, sources, parser, sink });
  }

  private constructor(
    config: PipelineConfig,
    { clock, log, output }: Surroundings,
    { journal, locks, sources, parser, sink }: Stages,
  ) {
    this.#config = config;
    this.#output = output;
    this.#journal = journal;
    this.#locks = locks;
    this.#sources = sources;
    this.#sink = sink;
    this.#channel = new MemoryChannel({ lines: config.channelLines, bytes: config.channelBytes });
    this.#parser = parser;
    this.#notice = new RejectionNotice(log);
    this.#window = new SlidingWindow({
      window: config.mode === 'once' ? 'all' : config.window,
      slide: config.slide,
      top: config.top,
      maxCells: Math.max(LEAST_CELLS, config.maxKeys * CELLS_PER_KEY),
      keys: this.#parser.keys,
      clock,
      log,
      onSnapshot: (snapshot) => this.#tick(snapshot),
      ...(journal.isKept && config.mode === 'watch' ? { onSealing: () => journal.sealing() } : {}),
    });
  }

  /**
   * Makes sure that the sources can be used and nobody else uses them, and goes on from where an
   * earlier run was. Throws a `LogwinError` that says what to do.
   */
  async open(): Promise<void> {
    try {
      for (const source of this.#sources) await source.open();
      await this.#checkSpools();
      await this.#journal.open(this.#window, this.#parser.keys);
      for (const source of this.#sources) await source.begin();
    } catch (error) {
      await this.#journal.close();
      await this.#locks?.release();
      throw error;
    }
    this.#parser.expect(this.progress().ofBytes ?? 0);
  }

  async #checkSpools(): Promise<void> {
    const spools = this.#config.sources.filter((source) => source.kind === 'spool');
    if (spools.length === 0) return;
    const { checkDistinct, checkStateIsUnread } = await import('./source/spool/spool-check.js');
    await checkDistinct(spools);
    const { state } = this.#config;
    if (state.kind === 'directory') await checkStateIsUnread(state.directory, spools);
  }

  /** Runs until all sources have ended, or `stop`. Rejects only for a bug. */
  async run(): Promise<Outcome> {
    try {
      const { totals } = await this.#count();
      return { totals, failed: await this.#close() };
    } catch (bug) {
      // What still runs beside it must not go on retiring files whose lines nobody will see.
      this.stop();
      throw bug;
    } finally {
      this.#parser.close();
    }
  }

  /** Asks for the end: what is in flight is still counted, then `run` resolves. */
  stop(): void {
    this.#isStopped = true;
    this.#tellStopped();
    for (const source of this.#sources) source.stop();
  }

  progress(): Progress {
    const sizes = this.#sources.map((source) => source.toRead());
    const known = sizes.every((size) => size !== undefined);
    const ofBytes = known ? sizes.reduce((sum: number, size) => sum + (size ?? 0), 0) : undefined;
    return { bytes: this.#bytes, lines: this.#lines, ofBytes };
  }

  async #count(): Promise<Snapshot> {
    if (this.#config.mode === 'watch') this.#window.start();
    try {
      await Promise.all([this.#read(), this.#drain()]);
    } finally {
      this.#window.stop();
    }
    return this.#isStopped ? this.#window.snapshot() : this.#conclude();
  }

  /**
   * The journal last but the locks, for what becomes of files is told to it. Resolves to the number of
   * files that were set aside or could not be read.
   */
  async #close(): Promise<number> {
    const closed = await Promise.all(this.#sources.map((source) => source.close()));
    await this.#journal.close();
    await this.#locks?.release();
    return closed.reduce((sum, { failed }) => sum + failed, 0);
  }

  /**
   * Sources that never end run side by side. A batch run reads one after the other, so that equal
   * counts come in the order in which the sources were named.
   */
  async #read(): Promise<void> {
    const { mode } = this.#config;
    if (mode === 'watch')
      await Promise.all(this.#sources.map((source) => source.run(this.#channel)));
    else for (const source of this.#sources) await source.run(this.#channel);
    this.#channel.close();
  }

  /** The way of a line, a batch at a time. */
  async #drain(): Promise<void> {
    for await (const answer of this.#parser.answers(this.#channel)) {
      this.#notice.look(answer);
      this.#window.add(answer);
      this.#acknowledge(answer);
      // Timers, signals and output never wait for more than one batch.
      await nextTurn();
    }
  }

  #acknowledge({ batch, lines }: Answer): void {
    this.#lines += lines;
    this.#bytes += batch.end - batch.start;
    this.#channel.acknowledge(batch);
    batch.origin.added(batch, lines);
    this.#journal.added(batch);
  }

  #tick(snapshot: Snapshot): void {
    this.#sink.show(snapshot);
    this.#ticks += 1;
    if (this.#ticks !== this.#config.ticks) return;
    this.#window.stop();
    this.stop();
  }

  /** All sources have ended by themselves: the last snapshot, and then what becomes of the files. */
  async #conclude(): Promise<Snapshot> {
    const snapshot = this.#window.snapshot();
    this.#sink.show(snapshot);
    const written = await Promise.race([
      this.#output.drain(Number.POSITIVE_INFINITY),
      this.#stopped,
    ]);
    if (written !== true) return snapshot;
    for (const source of this.#sources) await source.retire();
    return snapshot;
  }
}

/** Only what runs for long has one that is worth loading. */
async function createJournal(config: PipelineConfig, around: Surroundings): Promise<Journal> {
  if (config.state.kind === 'none') return new NoJournal();
  const { createJournal } = await import('./journal/create-journal.js');
  return createJournal(config, around);
}

async function createLocks({ sources }: PipelineConfig): Promise<DirectoryLocks | undefined> {
  if (sources.every(({ kind }) => kind !== 'spool')) return undefined;
  const { DirectoryLocks } = await import('./journal/lock/directory-locks.js');
  return new DirectoryLocks();
}

function createSources(config: PipelineConfig, around: SpoolSurroundings): Promise<Source[]> {
  const create = (source: SourceConfig): Promise<Source> => {
    switch (source.kind) {
      case 'spool':
        return createSpool(source, around);
      case 'file':
      case 'standard-input':
        return createStream(source, around);
    }
  };
  return Promise.all(config.sources.map(create));
}

async function createSpool(options: SpoolOptions, around: SpoolSurroundings): Promise<Source> {
  if (options.once) {
    const { SpoolBatch } = await import('./source/spool/spool-batch.js');
    return new SpoolBatch(options, around);
  }
  const [{ SpoolDirectory }, { watchForHints }] = await Promise.all([
    import('./source/spool/spool-directory.js'),
    import('./source/spool/change-hints.js'),
  ]);
  return new SpoolDirectory(options, { ...around, watchForHints });
}

async function createStream(
  source: Exclude<SourceConfig, { kind: 'spool' }>,
  around: SpoolSurroundings,
): Promise<Source> {
  const [{ StreamSource }, { fileInput, standardInput }] = await Promise.all([
    import('./source/stream/stream-source.js'),
    import('./source/stream/input.js'),
  ]);
  const input = source.kind === 'file' ? fileInput(source.path) : standardInput;
  return new StreamSource(input, around);
}
