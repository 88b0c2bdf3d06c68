/**
 * A run that counts: source → channel → parser → window → sink. Whoever wants to know where a line goes
 * reads `#drain`; which stages these are, `pipeline.ts` decides.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Answer } from '../core/answer.js';
import type { PipelineConfig } from '../core/config.js';
import type { Writer } from '../core/output/writer.js';
import type { Snapshot, Totals } from '../core/snapshot.js';
import type { Channel, Parser, Sink, Window } from '../core/stages.js';
import type { Upstream } from './upstream.js';

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

/** Told of every answer before it is added. */
interface Onlooker {
  look(answer: Answer): void;
}

interface CountingStages {
  readonly upstream: Upstream;
  readonly channel: Channel;
  readonly parser: Parser;
  readonly notice: Onlooker;
  /** Made around what is to be done with each snapshot. */
  readonly window: (onSnapshot: (snapshot: Snapshot) => void) => Window;
  readonly sink: Sink;
  /** The owner of standard output. */
  readonly output: Writer;
}

export class Counting {
  readonly #config: PipelineConfig;
  readonly #stages: CountingStages;
  readonly #window: Window;
  #ticks = 0;
  #bytes = 0;
  #lines = 0;
  #tellStopped: () => void = () => {};
  /** Resolves when somebody asked for the end. */
  readonly #stopped = new Promise<'stopped'>((resolve) => {
    this.#tellStopped = () => resolve('stopped');
  });
  #isStopped = false;

  constructor(config: PipelineConfig, stages: CountingStages) {
    this.#config = config;
    this.#stages = stages;
    this.#window = stages.window((snapshot) => this.#tick(snapshot));
  }

  /**
   * Makes sure that the sources can be used, and goes on from where an earlier run was. Throws a
   * `LogwinError` that says what to do.
   */
  async open(): Promise<void> {
    const { upstream, parser } = this.#stages;
    await upstream.open(this.#window, parser.keys);
    parser.expect(upstream.toRead() ?? 0);
  }

  /** Runs until all sources have ended, or `stop`. Rejects only for a bug. */
  async run(): Promise<Outcome> {
    const { upstream, parser } = this.#stages;
    try {
      const { totals } = await this.#count();
      return { totals, failed: await upstream.close() };
    } catch (bug) {
      // What still runs beside it must not go on retiring files whose lines nobody will see.
      this.stop();
      throw bug;
    } finally {
      parser.close();
    }
  }

  /** Asks for the end: what is in flight is still counted, then `run` resolves. */
  stop(): void {
    this.#isStopped = true;
    this.#tellStopped();
    this.#stages.upstream.stop();
  }

  progress(): Progress {
    return { bytes: this.#bytes, lines: this.#lines, ofBytes: this.#stages.upstream.toRead() };
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
   * Sources that never end run side by side. A batch run reads one after the other, so that equal
   * counts come in the order in which the sources were named.
   */
  async #read(): Promise<void> {
    const { upstream, channel } = this.#stages;
    if (this.#config.mode === 'watch')
      await Promise.all(upstream.sources.map((source) => source.run(channel)));
    else for (const source of upstream.sources) await source.run(channel);
    channel.close();
  }

  /** The way of a line, a batch at a time. */
  async #drain(): Promise<void> {
    const { parser, channel, notice } = this.#stages;
    for await (const answer of parser.answers(channel)) {
      notice.look(answer);
      this.#window.add(answer);
      this.#acknowledge(answer);
      // Timers, signals and output never wait for more than one batch.
      await nextTurn();
    }
  }

  #acknowledge({ batch, lines }: Answer): void {
    const { channel, upstream } = this.#stages;
    this.#lines += lines;
    this.#bytes += batch.end - batch.start;
    channel.acknowledge(batch);
    batch.origin.added(batch, lines);
    upstream.journal.added(batch);
  }

  #tick(snapshot: Snapshot): void {
    this.#stages.sink.show(snapshot);
    this.#ticks += 1;
    if (this.#ticks !== this.#config.ticks) return;
    this.#window.stop();
    this.stop();
  }

  /** All sources have ended by themselves: the last snapshot, and then what becomes of the files. */
  async #conclude(): Promise<Snapshot> {
    const { sink, output, upstream } = this.#stages;
    const snapshot = this.#window.snapshot();
    sink.show(snapshot);
    const written = await Promise.race([output.drain(Number.POSITIVE_INFINITY), this.#stopped]);
    if (written !== true) return snapshot;
    for (const source of upstream.sources) await source.retire();
    return snapshot;
  }
}
